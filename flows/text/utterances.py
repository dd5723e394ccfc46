"""Lists what people type instead of pressing a button: the phrases plain enough to count as an answer.

A phrase is written with its alternatives in brackets: "[it|all|] works [now|]" is six phrases. Nothing is inferred from
them: a text means an answer only if, with misspellings corrected, it is one of these phrases from its first word to its
last. Any word that is missing here therefore keeps a text from being plain, such as "if", "almost", "yesterday".
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

NEGATIONS: Final = frozenset(
    ["no", "not", "never", "none", "nothing", "neither", "nor", "without", "hardly", "barely"]
)
"""Words that keep a text from saying that something works. Contractions are expanded first (`CONTRACTED`)."""

CONTRACTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "its": "it is",
        "thats": "that is",
        "theres": "there is",
        "wheres": "where is",
        "everythings": "everything is",
        "im": "i am",
        "id": "i would",
        "ill": "i will",
        "ive": "i have",
        "were": "we are",
        "cannot": "can not",
        "cant": "can not",
        "couldnt": "could not",
        "wont": "will not",
        "dont": "do not",
        "doesnt": "does not",
        "didnt": "did not",
        "isnt": "is not",
        "arent": "are not",
        "wasnt": "was not",
        "wouldnt": "would not",
        "shouldnt": "should not",
        "hasnt": "has not",
        "havent": "have not",
        "hadnt": "had not",
        "aint": "is not",
        "workin": "working",
        "thx": "thanks",
        "ty": "thanks",
        "pls": "please",
        "plz": "please",
        "yep": "yes",
        "yeah": "yes",
        "yup": "yes",
        "nope": "no",
        "nah": "no",
        "okay": "ok",
    }
)
"""Short forms, without their apostrophe, and their full forms."""

POLITE: Final = ("hi", "hello", "hey", "ok", "well", "please", "sorry", "hmm", "hm", "thanks")
"""Words at the beginning or the end of a text that do not change its meaning."""

THANKS: Final = (
    "thank you so much",
    "thank you very much",
    "thank you",
    "thanks a lot",
    "thanks so much",
    "many thanks",
    "thanks again",
    "thanks in advance",
    "thank you in advance",
    "cheers",
    "best regards",
    "kind regards",
)
"""Longer thanks at the end of a text."""

GREETINGS: Final = (
    "good morning",
    "good afternoon",
    "good evening",
    "hi there",
    "hello there",
    "hey there",
    "hi all",
    "hi team",
    "hello team",
    "dear support",
    "dear team",
)
"""Longer greetings at the beginning of a text."""

_CHEER: Final = "[yes|great|perfect|super|nice|awesome|hooray|yay|now|finally|]"
_THING: Final = "[it|everything|all|it all|sync|the sync|my sync|the connection|the test]"
_WORKS: Final = "[works|is working|is fixed|is solved|is resolved]"
_AGAIN: Final = "[now|again|fine|well|perfectly|fine now|again now|now again|fine again|perfectly now]"
_TROUBLE: Final = "[the|this|my|] [error|problem|issue]"
_SOLVED_IT: Final = "[solved it|did it|did the trick|fixed the problem|solved the problem|solved the issue]"

FIXED: Final = f"""
{_CHEER} {_THING} [finally|now|] {_WORKS}
{_CHEER} {_THING} [finally|now|] {_WORKS} {_AGAIN}
{_CHEER} [this|that] [works|is working] [now|again]
{_CHEER} [this|that|] [is|] [fixed|solved|resolved] [now|]
{_CHEER} [works|working] {_AGAIN}
{_CHEER} works
yes working
{_CHEER} [it|that|this|the sync|sync|the test|] worked [now|this time|]
{_CHEER} [it is|all|all is|everything is|we are] [good|fine|ok] [now|again]
{_CHEER} {_TROUBLE} [is|] [fixed|solved|resolved|gone] [now|]
{_CHEER} [i|that|this|it|] fixed it
{_CHEER} [that|this|it] {_SOLVED_IT}
[great|finally|now|] [it is|] up and running [now|again|]
{_CHEER} [it is|] back up and running [now|again|]
{_CHEER} [it|] works like a charm [now|]
{_CHEER} [the|my|] [sync|test] [went through|succeeded|was successful|is successful|passed] [now|]
{_CHEER} it [went through|syncs] [now|again|]
{_CHEER} it is syncing again
{_CHEER} [it is|everything is|] back to normal
"""
"""Phrases that plainly say that it works. Missing on purpose, because they can mean something else: "done", "ok",
"yes", "thanks", "that works" (agreed), "working" (on it), "syncing now" (not over yet), "it's back" (the error is),
"that helped"."""

_SIGH: Final = "[no|unfortunately|sadly|ugh|]"
_IT: Final = "[it|that|this|the sync|sync|everything|the test|]"
_NOT: Final = "[does not|did not|will not|would not|is not]"
_UNCHANGED: Final = "[nothing changed|nothing has changed|nothing happened|nothing happens|still nothing]"

REFUSED: Final = """
[no|no no|unfortunately no|sadly no|unfortunately not|sadly not]
no it [did|does|is] not
"""
"""A bare no: it answers Still failing if that is on screen, and nothing else."""

STILL_FAILING: Final = f"""
{_SIGH} {_IT} [still|] [is|] [still|] [failing|broken|not working|not fixed|not solved] [again|now|for me|]
{_SIGH} {_IT} [still|] [fails|failed] [again|]
{_SIGH} {_IT} [still|] {_NOT} [work|works|help|sync|working] [at all|anymore|any more|either|now|yet|for me|]
{_SIGH} {_IT} [does|did|is] [still not|not]
{_SIGH} [still|] [it is|] [still|] [the|] same [error|problem|issue|message|thing|result|] [again|as before|]
{_SIGH} [i|] [still|] [am|] [still|] [get|getting|see|seeing] [the|this|that|an|] [same|] [error|message] [again|]
{_SIGH} [i|] [still|] have [the|this|that|] [same|] [error|problem|issue] [again|]
{_SIGH} [the|] [error|problem|issue|message] [still|] [is|] [still|] [there|persists|exists|remains|the same]
{_SIGH} [still|] [the|an|] [error|message] [again|]
{_SIGH} [still|] no [luck|change|difference|success|effect|improvement] [at all|]
{_SIGH} [{_UNCHANGED[1:-1]}|still no|still not|still down|still bad]
[no|] not [working|fixed|solved|resolved|syncing] [yet|now|at all|]
[the|my|] connection [is|] still not active
"""
"""Phrases that plainly say that it does not work."""

_SOUGHT: Final = "[it|this|that|them|the box|the row|the menu|the window|]"

CANT_FIND: Final = f"""
[i|] can not [find|see|locate] {_SOUGHT} [anywhere|there|here|]
[i|] do not [find|see] {_SOUGHT} [anywhere|there|here|]
[i|] can not [find|see] [any|a|anything] [such|] [thing|box|row|menu|window|button|]
where [is|do i find|can i find|do i see] {_SOUGHT}
[there is|i have|i see|] no such [thing|menu|box|row|window|button|option|item|column|field]
[it|that|this|] [is|] not there
[i have|] no idea where [that|it|this] is
[i|] do not know where [that|it|this] is
[i|] could not find [it|this|that]
"""
"""Phrases that say that something is not to be found. A question mark does no harm here."""

_SOMEBODY: Final = (
    "[human|person|agent|someone|somebody|operator|representative|rep|support|real person|real human|human being"
    "|live person|live agent|human agent|support agent|support person|customer support|customer service"
    "|support team]"
)
_WISH: Final = (
    "[i want to|i would like to|i need to|i would rather|can i|could i|may i|let me|please let me|]"
)
_GET: Final = "[i want|i need|i would like|give me|get me|can i have|can i get|could i have|]"
_CONNECT: Final = "[connect me to|connect me with|transfer me to|put me through to]"

PERSON: Final = f"""
{_WISH} [talk|speak|chat] [to|with] [a|an|the|your|] {_SOMEBODY} [now|]
{_GET} [a|an|the|your|] {_SOMEBODY} [now|]
{_CONNECT} [a|an|the|your|] {_SOMEBODY} [now|]
[contact|call] [support|customer support|customer service]
"""
"""Phrases that ask for a person."""

BACK: Final = """
[go|step|take me|go one step|one step|] back
[go to|back to|go back to|] [the|] previous [step|question|one|]
[go|] back [one step|a step]
undo
"""

RESTART: Final = """
[i want to|can i|can we|let us|] [start|begin] [over|again|from the beginning|from scratch|anew]
[i want to|] restart
[go|] back to [the|] [start|beginning]
from the [beginning|start|top]
"""

LATER: Final = """
[maybe|perhaps|] [later|another time|some other time]
[i will|i can|let me|i|] [do|try|continue|go on with|finish] [it|this|that|] [later|another time]
[remind|ask] me [again|] later
[i will|] come back later
not [right|just|] now
i am busy [right now|now|]
"""

REOPEN: Final = f"""
[now|] [it|this|that] [is|] back [again|]
{_TROUBLE} [is|came] back [again|]
{_TROUBLE} again
[it|the sync|sync|] [is|] [broken|failing|not working|happening] again
again [broken|failing|not working|the same error]
[it|the sync|sync|] [has|] stopped [working|syncing] [again|]
reopen [it|this|the ticket|]
back again
"""
"""Phrases that say that a solved problem is back; used only if *It's happening again* is on screen."""

_SLOT: Final = re.compile(r"\[([^\]]*)\]|([a-z]+)")


@lru_cache(maxsize=32)
def pattern(written: str) -> re.Pattern[str]:
    """Return a pattern that matches every phrase of a list, with a space after each word."""
    return re.compile("|".join("".join(_slots(phrase)) for phrase in written.splitlines() if phrase))


def _slots(phrase: str) -> Iterator[str]:
    for slot in _SLOT.finditer(phrase):
        said = slot[2].split("|") if slot[1] is None else slot[1].split("|")
        yield "(?:" + "|".join("".join(f"{word} " for word in one.split()) for one in said) + ")"


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Return every correctly spelled word of the phrases, short forms and courtesies."""
    lists = (
        FIXED,
        REFUSED,
        STILL_FAILING,
        CANT_FIND,
        PERSON,
        BACK,
        RESTART,
        LATER,
        REOPEN,
        *POLITE,
        *THANKS,
        *GREETINGS,
    )
    return frozenset((*re.findall(r"[a-z]+", " ".join(lists)), *NEGATIONS, *CONTRACTED))

"""Lists words and shapes that are never a secret, however they look, so that people can describe their problem."""

import re
from functools import lru_cache
from typing import Final

from flows.text.utterances import vocabulary

_STATES: Final = """
a about above accepted active actually after again ago all allowed almost already also always an and another
any anything anywhere are as asked at available away back bad be because been before being below best better
between blank both box broken but by called came can cannot case changed changing check clear cleared close
closed code coming complete complex copied correct could created current day days default deleted denied did
different disabled displayed do does done dont dots down each either email empty enabled encrypted end enough
entered error even ever every everything exactly existing expected expired expires expiring false field filled
fine first following for forgotten form found from full get getting given gone good got grey greyed had has
have having he hello help her here hidden him his how i if ignored in incorrect inside instead into invalid is
isnt it its just kept key know last later least left like locked login long longer look looks lost made
malformed manager many match matching maybe me mine mismatch missing more most mostly much must my need needed
never new next no none not nothing now null of off old on once one only open optional or other our out over
page password passwords pasted please populated possible present probably protected put rejected required
reset right root same saved says secret secure see seems seen sensitive sent set she short should show shown
shows since so some someone something somewhere soon stars still stored stuck such sure symbols taken than
that the their them then there these they thing this those though time to today together token tomorrow too
true typed typing unable unchanged undefined under unknown unset until up updated us use used useful user
username using valid value very visible wait was way we weak well were what when where whether which while who why
will window with within without wont working wrong yes yesterday yet you your
"""
"""Words that people say of a password and that are not the password."""

_LONGER: Final = """
application automatically certificate company computer computers conductor configuration connected connecting
connection connector customer database desktop directory disconnected document download employee escalate
finished identity install installed integration internet invoicing keyboard message messages microsoft
multiple nothing operating outlook permission permissions previous problem problems quickbooks receipts
rejected restarted restarting screenshot security selected server service services settings setup software
solution somebody statement support synchronise synchronize syncing system terminal thankyou transaction
troubleshooting uninstall uninstalled updating username waiting webconnector whatever wherever windows
workstation yesterday asterisk asterisks bullet bullets circle circles sternchen punkte asteriscos astérisques étoiles
bolinhas
"""
"""Longer words that a person may well send alone."""

_ABROAD: Final = """
falsch falsche falsches richtig vergessen leer nicht nötig ungültig abgelaufen geändert gesperrt weg korrekt unbekannt
noch schon immer auch nur wieder hier dort gleich das die der ein eine mein dein ihr sein für von mit bei dem den
incorrecte oublié invalide expiré faux bon vide pas le la les un une mon ma ton votre du de des sur ne qui que est
incorrecta incorrecto correcta olvidada vencida errónea vacía inválida no el los las una mi tu su en con que ya válida
errada incorreta esquecida vazia inválida não o os um uma meu minha em com já
sbagliata scaduta errata corretta non il lo una mia tua
verkeerd vergeten onjuist verlopen niet het een mijn jouw op met
fel felaktigt glömt inte ett min mitt din ditt på med forkert feil glemt ikke
nieprawidłowe złe błędne nie zapomniane wygasło moje
не неверный забыл забыла подходит неправильный мой моя это истёк нет
什么 不对 错误 忘记 忘了 正确 无效 過期 何 違います 忘れました 正しい
"""
"""The same in the languages of customers."""

_JOINING: Final = """
and but or it its then than which who when while where that this these so because since after before until if i
we you he she they is was are does doesn't doesnt did didn't not for in on at by with from to into of as the a
an has have had says user username login und oder aber wenn weil ist für mit et ou mais si est pour avec y o
pero si es con para e ma se con en of maar och eller men är og i a lub ale jest и или но это для
"""
"""Words that join statements: a password of several words ends before one."""

_FILES: Final = (
    "qbw|qbb|qbm|qbx|qwc|tlg|nd|iif|txt|log|csv|xlsx?|docx?|pptx?|pdf|png|jpe?g|gif|heic|bmp|mp4|mov|zip|rar|7z"
    "|exe|msi|dll|bat|ps1|ini|cfg|xml|json|ya?ml|html?|eml|msg|db|bak|py|js|md|com|org|net|io|is|dev|app|co|gz"
)
_NUMBERED: Final = (
    "windows|win|office|excel|outlook|chrome|step|version|desktop|pro|premier|enterprise|quickbooks|qb|server|sql"
    "|r|v|build|tls|utf|ipv|base|sha|row|page|line|error|code|ticket|case|id|no|nr"
)
_UNITS: Final = "st|nd|rd|th|[ap]m|min|mins|h|hrs?|s|secs?|ms|days?|[kmgt]i?b?|[kmg]hz|px|x|bit"

_SHAPES: Final = (
    r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,24}",  # email
    r"(?:[A-Za-z][\w+.-]{1,20}://|www\.)\S*",  # addresses
    r"[@#][\w.-]+",  # handles, channels, ticket numbers
    r"0[xX][0-9A-Fa-f]+[Ll]?",  # codes in hexadecimal
    r"[A-Z]{1,12}[-_#]?\d{1,10}[A-Z]?",  # QBWC1085, INC-4711, KB5034441
    r"[A-Z]{2,12}(?:[-_][A-Z0-9]{1,16}){1,6}",  # ERR_CONNECTION_REFUSED, QBD_ERROR_22
    r"(?:req|evt|end_usr|int_conn|auth_sess)_\w+",  # ids that support asks for
    r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?",
    r"\d{1,4}(?:[-/.:]\d{1,4}){1,3}(?:[ap]m|[AP]M)?",  # dates and times
    r"\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?",
    r"\d{1,2}[-.]?[A-Z][a-z]{2,8}[-.]?\d{2,4}",  # 3-Nov-2025
    rf"(?i:\d+(?:[.,]\d+)*(?:{_UNITS}))",
    r"v?\d+(?:\.\d+)+[a-z]?\d*(?:-?(?:alpha|beta|rc)\d*)?",  # versions
    rf"(?i:(?:{_NUMBERED})[-_.#]?\d{{1,6}}(?:r\d+)?)",
    rf"(?i:[^\s/\\]+\.(?:{_FILES})(?::\d+)*)",  # files and hosts
    r"(?:[A-Za-z]:)?[\\/]\S*|\\\\\S+|[\w.-]+[\\/][\w./\\() -]+",  # paths
    r"[A-Za-z]+['\u2019-][A-Za-z]+",  # Every-Min, doesn't
    r"[\w.-]+:\d{1,5}",  # a host and its port
    r"[A-Za-z]+(?:[/&+][A-Za-z]+)+",  # and/or, AT&T
)


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(re.findall(r"\w+", f"{_STATES} {_LONGER} {_ABROAD}")) | vocabulary()


@lru_cache(maxsize=1)
def _shape() -> re.Pattern[str]:
    return re.compile("|".join(_SHAPES))


def is_ordinary(word: str) -> bool:
    """Return whether the word is everyday talk about a program, in any case, with an apostrophe or hyphens, too."""
    plain = word.casefold().replace("'", "").replace("\u2019", "")
    return all(part in _words() for part in plain.split("-"))


@lru_cache(maxsize=1)
def _connectives() -> frozenset[str]:
    return frozenset(_JOINING.split())


def is_connective(word: str) -> bool:
    """Return whether the word joins statements."""
    return word.casefold().replace("\u2019", "'") in _connectives()


def is_plain_shape(word: str) -> bool:
    """Return whether the shape always mixes letters, digits and signs: a code, a date, a file, an email address."""
    return len(word) <= 300 and _shape().fullmatch(word) is not None

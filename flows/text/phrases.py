"""Holds every sentence that the bot says to customers, by id, in Markdown: the same for every channel.

Blanks: {ticket} the ticket's number, {team} who owns it, {reach} their address, {title} a step's title, {agent} who is
assigned, {mail} where the customer gets email, {who} a person's name, {support} whom to contact otherwise.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flows.text.colleague_phrases import COLLEAGUE_PHRASES
from flows.text.form_phrases import FORM_PHRASES
from flows.text.handover_phrases import HANDOVER_PHRASES
from flows.text.offer_phrases import OFFER_PHRASES
from flows.text.phrasebook import Phrasebook, Plural
from flows.text.suggestion_phrases import SUGGESTION_PHRASES

PHRASES: Final = Phrasebook(
    {
        **COLLEAGUE_PHRASES,
        **FORM_PHRASES,
        **HANDOVER_PHRASES,
        **OFFER_PHRASES,
        **SUGGESTION_PHRASES,
        # in a conversation
        "notice": "**Known issue:** {notice}",
        "not_recognised": "I don't recognize that error yet. Is it one of these?",
        "kept": "Saved. If you talk to a person, they'll see it. To continue, choose an answer.",
        "kept_waiting": "I added that to ticket #{ticket}.",
        "kept_ended": (
            "Saved. If the problem comes back, press **It's happening again** and I'll pick up where we left off."
        ),
        "kept_shortened": (
            "Your message is very long, so I kept only its beginning and end. To send all of it, attach it as a file."
        ),
        "edited_back": (
            "I'd already acted on your first message. To change that answer, press **Back**; to continue, choose an"
            " answer."
        ),
        "edited_unheard": (
            "I'd already replied to your first message, so the edit isn't an answer. Press the button that fits, or"
            " send a new message."
        ),
        "edited_waiting": (
            "I'd already acted on your first message. Ticket #{ticket} shows your edit, too; to change your answer,"
            " press a button above."
        ),
        "edited_ended": (
            "I'd already acted on your first message. If it still isn't working, press **It's happening again**."
        ),
        "nap_hour": "OK, I'll check in with you in an hour. Your progress is saved.",
        "nap_tomorrow": "OK, I'll check in with you tomorrow. Your progress is saved.",
        "nap_computer": "OK, I'll wait until you're back at that computer. Your progress is saved.",
        "nap_waiting": "OK. Ticket #{ticket} stays open, and your progress is saved.",
        "nudge": "How's it going? You stopped at **{title}**. Continue whenever you're ready.",
        "nudge_person": "{agent} is waiting for your answer. Reply here when you're ready, or say that it works now.",
        "nudge_team": "Our team is waiting for your answer. Reply here when you're ready, or say that it works now.",
        "closed_unanswered": (
            "I haven't heard from you since {agent} replied, so I closed ticket #{ticket} for now. Nothing is lost:"
            " write here anytime, and it's open again."
        ),
        "unpaused": "Let's pick up where you left off.",
        "closed": (
            "It's been quiet here, so I closed this conversation. Your progress is saved: press **It's happening"
            " again** to continue."
        ),
        "reopened": "Sorry it came back. Let's pick up where you left off.",
        "reopened_advice": "Sorry it came back. Once it works again, this helps it stay that way:",
        "came_back": (
            "Sorry it came back again. I opened ticket **#{ticket}** with {team}. It lists everything you've tried,"
            " both times. While you wait, you can keep trying."
        ),
        "came_back_email": (
            "Sorry it came back again. I opened ticket **#{ticket}**. To reach {team}, email {reach} and paste the"
            " ticket's summary: it lists everything you've tried, both times."
        ),
        "came_back_unaddressed": (
            "Sorry it came back again. I opened ticket **#{ticket}** with our support team. It lists everything you've"
            " tried, both times. While you wait, you can keep trying."
        ),
        "reopened_held": "Sorry it came back. I reopened ticket **#{ticket}**, and {agent} will take it from here.",
        "asked_held": "I reopened ticket **#{ticket}**, and {agent} will take it from here.",
        "reopened_waiting": (
            "Sorry it came back. I reopened ticket **#{ticket}** with {team}, who can see this conversation."
        ),
        "reopened_waiting_email": (
            "Sorry it came back. I reopened ticket **#{ticket}**. To reach {team}, email {reach} and paste the ticket's"
            " summary: they can't see this conversation."
        ),
        "reopened_waiting_unaddressed": (
            "Sorry it came back. I reopened ticket **#{ticket}** with our support team, who can see this conversation."
        ),
        # about a ticket
        "escalated": (
            "I opened ticket **#{ticket}** with {team}. They can see this conversation, so you won't have to repeat"
            " yourself. While you wait, you can keep trying. If something works, tell me and I'll close the ticket."
        ),
        "escalated_first": "I opened ticket **#{ticket}** with {team}, who can see this conversation.",
        "escalated_email": (
            "I opened ticket **#{ticket}** for {team}. They can't see this conversation, so email {reach} and paste the"
            " ticket's summary. While you wait, you can keep trying. If something works, tell me and I'll close the"
            " ticket."
        ),
        "escalated_unaddressed": (
            "I opened ticket **#{ticket}** with our support team, because I have no email address for {team}. Our team"
            " can see this conversation, so you won't have to repeat yourself. While you wait, you can keep trying. If"
            " something works, tell me and I'll close the ticket."
        ),
        "still_waiting": (
            "No one has picked up ticket **#{ticket}** yet, so I've alerted the team again. While you wait, you can"
            " keep trying, or cancel the ticket."
        ),
        "usually_minutes": Plural(
            "You'll usually hear back within a minute.", "You'll usually hear back within {count} minutes."
        ),
        "usually_hours": Plural(
            "You'll usually hear back within an hour.", "You'll usually hear back within {count} hours."
        ),
        "usually_days": Plural(
            "You'll usually hear back within a day.", "You'll usually hear back within {count} days."
        ),
        "back_on": "Our team is away right now and will be back on {moment}.",
        "back_on_zone": "Our team is away right now and will be back on {moment} ({zone}).",
        "closed_waiting": (
            "I'm sorry no one got to ticket #{ticket}, so I closed it. Your progress is saved: press **It's happening"
            " again** to continue or to talk to a person."
        ),
        "withdrawn": "I canceled ticket #{ticket}. Let's continue the guide.",
        "details_kept": "Thanks. I added that to ticket #{ticket}.",
        "details_mailed": (
            "Thanks. I added that to ticket #{ticket}. If someone replies while you're away, I'll email you at {mail}."
            " If the address is new here, I've sent it a link: open it to confirm."
        ),
        "agent_gone": (
            "No one has replied here for a while. Ticket **#{ticket}** stays open, and someone on our team will pick it"
            " up. Meanwhile, here's where you left off."
        ),
        "our_team": "our support team",
        "a_person": "a person",
        "someone": "someone",
        # the outcome of an answered step, after its title
        "wrote": "a person took over",
        "overheard": "paused",
        "claimed": "a person took over",
        "replied": "a person took over",
        "transferred": "another person took over",
        "allowed": "you can continue the guide",
        "withdraw": "you continued the guide",
        "concluded": "resolved with a person",
        # cards
        "untitled": "Next step",
        "paused": "This guide is paused right now, so a person has to help you instead.",
        "title_waiting": "A person will help you",
        "title_waiting_email": "Email {team}",
        "waiting": (
            "Ticket **#{ticket}** is with {team}. They can see this conversation, so you won't have to repeat"
            " yourself. If it starts working, press **It works now** and I'll close the ticket."
        ),
        "waiting_email": (
            "Ticket **#{ticket}** is for {team}. They can't see this conversation, so email {reach} and paste the"
            " ticket's summary. If it starts working, press **It works now** and I'll close the ticket."
        ),
        "waiting_unaddressed": (
            "Ticket **#{ticket}** is with our support team, because I have no email address for {team}. Our team can"
            " see this conversation, so you won't have to repeat yourself. If it starts working, press **It works now**"
            " and I'll close the ticket."
        ),
        "title_resolved": "Solved",
        "resolved": "Glad it's working again.",
        "title_closed": "Closed for now",
        "closed_card": "It's been quiet here, so I closed this conversation. Your progress is saved.",
        "title_follow_up": "Is it still working?",
        "follow_up": "Yesterday you fixed **{flow}**. If all is well, you don't have to answer.",
        "still_works": "Thanks for letting me know. If it happens again, I'm here.",
        "title_overheard": "{agent} is writing here",
        "overheard_card": (
            "I paused the guide so that you can talk. Press **Continue the guide** to pick up where you left off, or"
            " **Talk to a person** to open a ticket."
        ),
        "title_held": "You're talking to {agent}",
        "held": "Reply below.",
        "held_allowed": "Reply below, or press **Continue the guide** to keep trying on your own.",
        # beside a step
        "progress": "Step {at} of {of}",
        "please_note": "Please note",
        "why": "Why?",
        "before_you_continue": "Before you continue",
        "links": "Helpful links",
        "picture": "Picture of this step",
        "picture_of": "Picture: {alt}",
        "secret": "Never share your {secret} here.",
        "answers": "Answers: {answers}",
        "tried_so_far": "Tried so far: {tried}",
        "step_answered": "Answered",
        # answers to one person's click or message
        "with_agent": "You're talking to {agent}. Reply below.",
        "past_turn": "That step was already answered. Here's where you are now.",
        "future_turn": "I don't recognize that button yet. Answer the step shown here.",
        "not_offered": "That answer isn't available here. Choose one of the answers shown.",
        "not_yours": "Only the person who asked for help can answer here.",
        "not_yours_named": "Only {who} can answer here, because they asked for help.",
        "not_now": "That isn't possible right now. Here's where you are.",
        "too_much": (
            "That's more than I can take in this conversation for today. If you need help now, talk to a person."
        ),
        "where_you_are": "Here's where you are now.",
        "unknown_flow": "I don't have a guide with that name.",
        "contended": "Several clicks came in at once. Press again.",
        "damaged": "I can't open this conversation because its data is damaged.",
        "store_down": "I can't save your answers right now.",
        "try_again": "Please try again in a moment.",
        "contact_support": "You can also contact {support}.",
        "no_conversation": "I can't find that conversation. It may be too old, or from another browser or account.",
        "under_way": "You already have a conversation open. Your progress is saved.",
        "under_way_here": "A conversation is already open here.",
        "not_by_a_person": "That message isn't from a person, so there's no one to help. Mention me instead.",
        "lets_start": "OK, let's start.",
        # a ticket and its summary
        "ticket_number": "Ticket #{ticket}",
        "ticket_closed": "Ticket #{ticket} (closed)",
        "ticket_was_closed": "Ticket #{ticket} is closed.",
        "ticket_open": "Ticket #{ticket} is open. You can keep trying while you wait.",
        "ticket_team": "Team: {team}",
        "summary_lead": "Copy this summary:",
        "summary_to": "Email [{reach}]({address}) and paste this summary:",
        "summary_title": "Ticket #{ticket}: {title}",
        "summary_reasons": "Reason: {reasons}",
        "summary_reach": "Email or phone: {reach}",
        "summary_tried": "Steps tried:",
        "summary_seen": "Details:",
        "summary_words": "In the customer's words:",
        # the list of a person's conversations
        "support_of": "{product} support",
        "support": "Support",
        "open_conversations": "Open conversations",
        "recent_conversations": "Recent conversations",
        "no_conversations": "You don't have any conversations yet.",
        "and_more": Plural("and {count} more", "and {count} more"),
        "conversation": "Conversation",
        "i_can_help_with": "I can help with",
        "how_to_get_help": "How to get help",
        "need_more_help": "Need more help? Contact {support}",
        # beside the journal
        "done": "Done",
        "the_customer": "The customer",
        "an_agent": "An agent",
        "taken_back": "*deleted*",
        "left_out": "[… {count} characters are left out here …]",
        "edited_to": '(edited: "{words}")',
        "no_words": "*a message without text*",
    }
)
"""A translation is another phrasebook with the same ids."""

REASON_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "asked": "I'd rather talk to a person",
        "cannot_find": "I can't find what the step mentions",
        "not_at_computer": "I'm not at that computer",
        "different_error": "I see a different error",
        "will_not_open": "The program won't open",
        "hosted": "My software is hosted elsewhere",
        "other": "Something else",
        "guide_exhausted": "The guide didn't help",
        "setup_guide_unknown": "The setup guide is missing",
        "connection_removed": "The connection was removed and couldn't be set up again",
        "web_connector_missing": "The Web Connector won't open",
        "not_listed": "The problem isn't listed",
        "agent_came": "An agent stepped in",
        "broken": "There's an incident on our side",
        "damaged": "Part of the conversation is damaged",
        "idle": "The conversation went quiet",
        "asker_left": "The person who asked has left",
        "came_back": "The problem came back",
        "paused": "The guide is paused right now",
        "by_agent": "An agent opened the ticket",
    }
)
"""Reasons of tickets as a person reads them; a flow's own reason is shown with blanks for underscores."""


SCORES: Final = ("Poor", "Fair", "OK", "Good", "Great")
"""Labels of the ratings from 1 to 5."""


def reason_label(reason: str) -> str:
    """Return the reason as a person reads it."""
    return REASON_LABELS.get(reason) or reason.replace("_", " ").capitalize()


def apology(phrase: str, support: str) -> str:
    """Return why nothing was saved, what to do, and whom to contact instead; `support` may be ''."""
    sentences = [PHRASES[phrase]]
    if phrase == "store_down":
        sentences.append(PHRASES["try_again"])
    if support:
        sentences.append(PHRASES.say("contact_support", support=support))
    return " ".join(sentences)

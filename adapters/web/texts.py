"""Holds the page's own sentences by id. `flows.text.phrases` holds those that customers read on every channel."""

from typing import Any, Final

from markupsafe import Markup

from flows.text.phrasebook import Phrasebook, Plural

PAGE: Final = Phrasebook(
    {
        # every page
        "skip": "Skip to main content",
        "saved": "Your progress is saved in this browser. Come back anytime.",
        "prefer_email": "Prefer email? Contact {team} at {address}.",
        # the front page
        "intro": "I'll walk you through it, one step at a time. You can talk to a person anytime.",
        "recent": "Recent",
        "unfinished": "Continue where you left off",
        "unfinished_ticket": "Ticket #{number} · {ago}",
        "unfinished_step": "Step {at} of {of}: {title} · {ago}",
        "unfinished_card": "{title} · {ago}",
        "start": "Start",
        "choose": "Choose your problem",
        "choose_another": "Or choose another problem",
        "paste": "Paste the error message",
        "or_paste": "Or paste the error message",
        "paste_hint": "Paste it exactly, or describe it in your own words",
        "find_help": "Find help",
        "prefer_person": "Prefer to talk to a person? I'll open a ticket right away.",
        "which_title": "What is this about?",
        "which": "Is this about “{title}”, or something new?",
        "which_of": "Is this about one of these, or something new?",
        "about_this": "It's about this",
        "something_new": "It's something new",
        "ago_moment": "just now",
        "ago_minutes": Plural("{count} minute ago", "{count} minutes ago"),
        "ago_hours": Plural("an hour ago", "{count} hours ago"),
        "ago_days": Plural("yesterday", "{count} days ago"),
        # a conversation
        "title": "{title} · {host}",
        "title_step": "Step {at} of {of}: {title} · {host}",
        "announce_step": "Step {at} of {of}. {title}",
        "announce_ticket": "Ticket {number}. {title}",
        "history": "Earlier in this conversation",
        "history_steps": Plural(
            "What you've tried so far ({count} step)", "What you've tried so far ({count} steps)"
        ),
        "by_bot": "The bot wrote:",
        "by_you": "You wrote:",
        "by_you_pressed": "You chose:",
        "by_team": "Our team wrote:",
        "wrote": "wrote:",
        "edited": "edited",
        "unnamed_file": "Attachment",
        "new_tab": "(opens in a new tab)",
        "attach": Plural("Attach a file (up to {size} MB)", "Attach up to {count} files ({size} MB each)"),
        "add_message": "Add a message",
        "message_agent": "Message {agent}",
        "message_team": "Message our team",
        # a step
        "welcome_back": "Welcome back.",
        "left_off": "Here's where you left off.",
        "warning": "Warning:",
        "why": "Why this helps",
        "answers": "Your answer",
        "more": "More options",
        "stuck": "Still stuck?",
        # another device
        "other_device": "Continue on another device",
        "scan": Plural(
            "Scan the code with your phone, or open this link on your other device. The link works once and expires"
            " in {count} minute. You can also keep using this page.",
            "Scan the code with your phone, or open this link on your other device. The link works once and expires"
            " in {count} minutes. You can also keep using this page.",
        ),
        "link": "Link",
        "copy": "Copy",
        "continue_here": "Continue here",
        "continue_here_ask": "Continue here?",
        "same_step": "Pick up where you left off on this device. Your other device stays connected, too.",
        "not_expecting": "Not expecting this link? Close this page.",
        "link_expired": "This link has expired. Get a new one on your first device.",
        "email_link_expired": (
            "This link was already used or has expired. Open it in the browser where you first used it, or wait for a"
            " new link in our next email."
        ),
        "confirm_ask": "Email replies to {address}?",
        "confirm_why": "This address was left on ticket #{number}, “{title}”. If that was you, confirm it.",
        "confirm": "Confirm",
        "confirm_not_you": "Wasn't it you? Close this page. Nothing more will be sent.",
        "confirmed": "Confirmed",
        "confirmed_more": "We'll email replies to {address} when you're away. You can close this page.",
        "confirm_expired": (
            "This link was already used or has expired, or the ticket has another address by now. To get a new link,"
            " add your address to the ticket again."
        ),
        # a ticket
        "ticket_external": (
            "This ticket is for {team}. They can't see this conversation, so email {address} and paste the summary"
            " below."
        ),
        "ticket_unaddressed": (
            "Our support team will reply here, because I have no email address for {team}. Our team can see this"
            " conversation, so you won't have to repeat yourself."
        ),
        "ticket_team": (
            "{team} will reply here. They can see this conversation, so you won't have to repeat yourself."
        ),
        "ticket_email": "You can also email {address}.",
        "ticket_meanwhile": "You can keep trying the step below. If it works, tell me and I'll close the ticket.",
        "ticket_meanwhile_pick": "While you wait, you can choose your problem below and try its guide.",
        "email_team": "Email {address}",
        "summary_tried": "Summary of what you've tried",
        "details": "Add details (optional)",
        "given": "✓ {reason}",
        "added": "✓ Added to ticket #{number}:",
        "anything_else": "Anything else?",
        "reach": "How can we reach you?",
        "emails_to": "We'll email replies to {address} when you're away, once it's confirmed.",
        "emails_if": "Leave your email and we'll send you replies when you're away.",
        "add_to_ticket": "Add to ticket",
        "sound": "Play a sound when someone replies",
        "withdraw": "Never mind, I'll keep trying",
        # the end
        "rating_words": "Anything to add? (optional)",
        # what went wrong
        "oops": "Something went wrong",
        "oops_404": "Not found",
        "oops_429": "One moment, please",
        "oops_503": "We'll be right back",
        "home": "Home",
        "help_meanwhile": "Need help now? Contact {team} and say what you've tried so far.",
        "help_meanwhile_email": "Need help now? Contact {team} at {address} and say what you've tried so far.",
        "page_expired": "This page has expired. Reload it and try again.",
        "newer_version": "This conversation started on a newer version of this page. Try again in a minute.",
        "damaged": (
            "This conversation can't be opened because its data is damaged. Start a new one to talk to our team."
        ),
        "too_many": "That was a lot at once. Wait a moment, then try again.",
        "too_many_here": "Too many requests came from your network. Try again in {wait}.",
        "store_full": "I can't start new conversations right now. Conversations that are already open still work.",
        "not_sent": "Your message wasn't sent. Copy it, so that you can send it again:",
        "broken": "The problem is on our side, not yours. Try again in a moment.",
        "unreadable": "The server couldn't read this request.",
        "unknown_host": (
            "This server doesn't answer for this host name. If you run it: set PUBLIC_URL, or add the name to"
            " ALLOWED_HOSTS."
        ),
        "form_charset": "The server only reads forms in UTF-8. Reload the page and try again.",
        "no_page": "There's no page at this address.",
        "no_method": "This address doesn't accept this kind of request.",
        "too_large": "The request is too large. The limit is {size} KB.",
        "paste_first": "Paste the error message, or describe the problem in your own words.",
        "too_long": "This text has more than {count} characters. Attach it as a file, or shorten it.",
        "write_first": "Write a message first.",
        "add_first": "There's nothing to add yet. Choose a reason or write a message.",
        "score_range": "Choose a rating from 1 to 5.",
        "later_choices": "Choose in an hour, tomorrow, or when you're back at that computer.",
        "reasons": "Choose one of these reasons: {reasons}.",
        "too_many_files": Plural(
            "You can attach only {count} file to a message. Nothing was sent.",
            "You can attach up to {count} files to a message. Nothing was sent.",
        ),
        "file_too_large": "“{name}” is larger than {size} MB. Nothing was sent.",
        "no_room": "There's no space for files right now. Send your message without them.",
        "no_file": "There's no such file.",
        "file_gone": "This file is no longer available: {reason}.",
        "file_busy": "This file can't be loaded right now. Try again.",
    }
)
"""The sentences in English. A translation is another phrasebook with the same ids."""


def marked(name: str, **values: Any) -> Markup:
    """Return a sentence as HTML. Values that are markup, such as a link, keep their tags; all others are escaped.

    Example: `marked("email_team", address=Markup('<a href="…">…</a>'))`.
    """
    count = values.get("count")
    sentence = PAGE.form(name, count) if isinstance(count, int) else PAGE[name]
    return Markup(sentence.replace("&", "&amp;").replace("<", "&lt;")).format(**values)  # noqa: S704  # our own words

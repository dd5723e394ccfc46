"""Makes the attachments that Slack adds to a message: a forwarded message, and the preview of a link."""

from tests.fakes.slack.refusals import Json
from tests.fakes.slack.state import Channel, Workspace


def share(workspace: Workspace, channel: Channel, message: Json, number: int = 1) -> Json:
    """Return a message as the attachment of the message that forwards it."""
    ts = str(message["ts"])
    user = workspace.users.get(str(message.get("user")))
    name = user.name if user else str(message.get("bot_profile", {}).get("name", ""))
    link = f"https://{workspace.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    inside = {"team": workspace.team, "channel": channel.id, "ts": ts}
    made: Json = {
        "id": number,
        "ts": ts,
        "channel_id": channel.id,
        "channel_team": workspace.team,
        "is_msg_unfurl": True,
        "is_share": True,
        "color": "D0D0D0",
        "mrkdwn_in": ["text"],
        "message_blocks": [{**inside, "message": {"blocks": message.get("blocks", [])}}],
        "from_url": link,
        "original_url": link,
        "fallback": f"[November 2nd, 2026 4:04 AM] {name.lower()}: {message['text']}",
        "text": message["text"],
        "author_id": message.get("user", ""),
        "author_name": name,
        "author_subname": name,
        "author_link": f"https://{workspace.domain}.slack.com/team/{message.get('user', '')}",
        "author_icon": "https://avatars.slack-edge.com/0.png",
        "footer": "Slack Conversation",
    }
    if channel.is_private or channel.is_im:
        made["private_channel_prompt"] = True
    if message.get("files"):
        made["files"] = message["files"]
    return made


def preview(link: str, title: str, text: str) -> Json:
    """Return the preview of a web page, which Slack adds to a message that links the page."""
    return {
        "id": 1,
        "from_url": link,
        "original_url": link,
        "fallback": title,
        "title": title,
        "title_link": link,
        "text": text,
        "service_name": "Example",
    }

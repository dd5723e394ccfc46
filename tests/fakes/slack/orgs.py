"""Names people's teams as Slack does: on Enterprise Grid, each kind of payload names another one."""

from tests.fakes.slack.refusals import Json
from tests.fakes.slack.state import User, Workspace


def ours(workspace: Workspace, user: User) -> bool:
    """Whether the person belongs to the app's workspace, or to its organization."""
    return user.team == workspace.team or (bool(user.enterprise) and user.enterprise == workspace.enterprise)


def author(workspace: Workspace, user: User) -> Json:
    """Return the fields of a message that name its author's team: on Grid, any workspace of the organization."""
    if user.enterprise:
        other = user.teams[-1]
        return {"team": other, "user_team": other, "source_team": other}
    return {} if user.team == workspace.team else {"user_team": user.team, "source_team": user.team}


def mentioner(user: User) -> Json:
    """Return what a mention says differently: on Grid, it names the organization as the author's team."""
    return {"user_team": user.enterprise} if user.enterprise else {}


def presser(workspace: Workspace, user: User) -> Json:
    """Return the fields of a click beside `user`, which names the primary workspace: on Grid, `team` is null."""
    if not user.enterprise:
        return {"team": {"id": workspace.team, "domain": workspace.domain}, "enterprise": None}
    return {"team": None, "enterprise": {"id": user.enterprise, "name": f"Org {user.enterprise}"}}


def typist(workspace: Workspace) -> dict[str, str]:
    """Return the fields of a command beside `team_id`, which names the workspace that it was typed in."""
    if not workspace.enterprise:
        return {}
    return {"enterprise_id": workspace.enterprise, "enterprise_name": f"Org {workspace.enterprise}"}


def global_id(user: User) -> str:
    """Return a person's id in the organization."""
    return "W" + user.id[1:]


def by_global_id(workspace: Workspace, id: str) -> User | None:
    """Find a person on Grid by the id in the organization."""
    found = (user for user in workspace.users.values() if user.enterprise and global_id(user) == id)
    return next(found, None)


def member(user: User) -> Json:
    """Return the fields of `users.info` about the person's team: on Grid, `enterprise_user` instead of `team_id`.

    Its id is the one in the organization, which begins with W.
    """
    if not user.enterprise:
        return {"team_id": user.team}
    org = {"enterprise_id": user.enterprise, "enterprise_name": f"Org {user.enterprise}"}
    roles = {"is_admin": False, "is_owner": False}
    return {"enterprise_user": {"id": global_id(user), **org, **roles, "teams": list(user.teams)}}

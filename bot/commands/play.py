"""`play`: walk a flow with given answers, without a store."""


def play() -> None:
    """x"""

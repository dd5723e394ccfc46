"""The limits of a flow: what the strictest platform can show, and what keeps reading a file cheap.

Slack: a button's text has at most 75 characters, a header 150, a section 3000. Discord: a button's label 80, all
text of a message together 4000, a select 25 options, an image's description 1024.
"""

from typing import Final

FILE_BYTES: Final = 1_000_000
STEPS: Final = 500
NESTING: Final = 32
"""Levels of YAML; a step nested in an answer costs two."""
VALUES: Final = 50_000
"""Texts, lists and mappings in one file."""
FINDINGS: Final = 100
"""Of one file; whoever has more begins with these."""

STEP_ID: Final = 32
CHOICE_ID: Final = 24
"""With the rest of what a button carries it stays under Discord's 100 characters."""
NAME: Final = 32
"""Of a variable, a team, a check, a reason."""

LABEL: Final = 75
"""Of an answer, a link and a flow's title, which is a button in the picker (Slack)."""
TITLE: Final = 150
"""Of a step (Slack's header)."""
TEXT: Final = 2400
"""Of `say`, `ask` and `intro`; what is left of Slack's 3000 and Discord's 4000 goes to what stands around it."""
NOTE: Final = 600
"""Of `warn`, `why`, `test`, `fixed`, `again` and `hint`."""
SHOWN: Final = 3600
"""Everything of one step together (Discord's 4000, less the progress line and the buttons)."""
CHOICES: Final = 21
"""Answers of one step: Discord's 25 options, less Talk to a person, Back, Start over and Later."""
LINKS: Final = 5
ALT: Final = 1000
ADDRESS: Final = 2000
PATTERN: Final = 300
"""Of a text in `on_text`."""
SOLUTIONS: Final = 20
"""What solves a flow's problem; with more than Discord's 25 options nobody could choose."""
SOLUTION: Final = 60
"""Of one of them, which is a line of a menu, and kept with the conversation."""
OBSERVATION: Final = 200
"""Of a recorded name or value."""
SHORT: Final = 64

"""Sets the limits of a flow: what the strictest platform can show, and what keeps reading a file cheap.

Slack: a button's text has at most 75 characters, a header 150, a section 3000. Discord: a button's label 80, all text
of a message together 4000, a select 25 options, an image's description 1024.
"""

from typing import Final

FILE_BYTES: Final = 1_000_000
STEPS: Final = 500
NESTING: Final = 32
"""Levels of YAML; a step nested in an answer takes two."""
VALUES: Final = 50_000
"""Texts, lists and mappings in one file."""
FINDINGS: Final = 100
"""Findings listed for one file; an author with more starts with these."""

STEP_ID: Final = 32
CHOICE_ID: Final = 24
"""Characters of an answer's id: with the rest of what a button carries it stays under Discord's 100 characters."""
NAME: Final = 32
"""Characters of the name of a variable, a team, a check, a reason."""

LABEL: Final = 75
"""Characters of the label of an answer or a link, and of a flow's title, which is a button in the picker (Slack)."""
TITLE: Final = 150
"""Characters of a step's title (Slack's header)."""
TEXT: Final = 2400
"""Characters of `say`, `ask` and `intro`; the rest of Slack's 3000 and Discord's 4000 is for the text around them."""
NOTE: Final = 600
"""Characters of `warn`, `why`, `test`, `fixed`, `again` and `hint`."""
SHOWN: Final = 3600
"""Characters of one step altogether (Discord's 4000, less the progress line and the buttons)."""
CHOICES: Final = 21
"""Answers of one step: Discord's 25 options, less Talk to a person, Back, Start over and Later."""
LINKS: Final = 5
ALT: Final = 1000
ADDRESS: Final = 2000
PATTERN: Final = 300
"""Characters of a text in `on_text`."""
SOLUTIONS: Final = 20
"""Solutions of a flow; an agent could not choose among more than Discord's 25 options."""
SOLUTION: Final = 60
"""Characters of one solution, which is a line of a menu and is stored with the conversation."""
HEARD: Final = 150
"""Characters of a text under `heard`; a longer one is a story, not an answer."""
HEARD_TEXTS: Final = 100
"""Texts in one `heard`: what a customer types is compared with each."""
OBSERVATION: Final = 200
"""Characters of a recorded name or value."""
SHORT: Final = 64

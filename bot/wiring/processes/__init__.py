"""Runs the parts of a process: the page, the worker and the listeners, each restarted alone if it fails."""

from bot.wiring.processes.parts import Parts as Parts
from bot.wiring.processes.parts import serve as serve
from bot.wiring.processes.parts import warm as warm
from bot.wiring.processes.worker import work as work

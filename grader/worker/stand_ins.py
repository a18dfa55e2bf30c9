"""Inert stand-ins for modules that a submission imports and that are not here, such as plotting and course helpers.

What a notebook does with them around its functions (plot, decorate, configure) has no effect and does no harm. They
never take part in a calculation: that raises an error that names the missing module, because a number made from
nothing would be graded as if the student had calculated it.
"""

from __future__ import annotations

import builtins
import dis
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType, FunctionType
from typing import Any, NoReturn

from .wire import Finding

_OURS = "grader"
# Never imported, even where they exist: they open windows or wait for input, or (grader) are not the course's helper.
_NEVER_IMPORTED = frozenset(
    {
        "IPython",
        "bokeh",
        _OURS,
        "ipywidgets",
        "matplotlib",
        "mpl_toolkits",
        "plotly",
        "pylab",
        "seaborn",
        "tkinter",
        "turtle",
    }
)
_OPERATORS = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow"),
    *("and", "or", "xor", "lshift", "rshift"),
)
_CALCULATIONS = (
    *(prefix + name for name in _OPERATORS for prefix in ("", "r", "i")),
    *("abs", "ceil", "floor", "invert", "neg", "pos", "round", "trunc"),
    *("complex", "float", "index", "int"),
    *("ge", "gt", "le", "lt"),
    *("array", "array_function", "array_ufunc"),
)


class StandIn:
    """Something of a module that is not here. Nearly every use gives another one; calculations raise."""

    __slots__ = ("_module", "_path")
    __all__ = ()  # so that `from module import *` finds nothing
    __version__ = "0"
    _module: str
    _path: str

    def __init__(self, path: str, module: str) -> None:
        object.__setattr__(self, "_path", path)
        object.__setattr__(self, "_module", module)

    def __repr__(self) -> str:
        return f"<stand-in for {self._path}>"

    def __reduce__(self) -> tuple[type[StandIn], tuple[str, str]]:
        return StandIn, (self._path, self._module)

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> StandIn:
        if name in StandIn.__slots__ or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        return StandIn(f"{self._path}.{name}", self._module)

    def __setattr__(self, name: str, value: object) -> None:
        """Settings have no effect."""

    def __delattr__(self, name: str) -> None:
        """Settings have no effect."""

    def __getitem__(self, key: object) -> StandIn:
        return StandIn(f"{self._path}[…]", self._module)

    def __setitem__(self, key: object, value: object) -> None:
        """Settings have no effect."""

    def __delitem__(self, key: object) -> None:
        """Settings have no effect."""

    def __contains__(self, key: object) -> bool:
        return False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A decorator leaves the function or class as it is; any other call gives a stand-in."""
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType | type):
            return args[0]
        return StandIn(f"{self._path}(…)", self._module)

    def __iter__(self) -> Iterator[StandIn]:
        """Nothing for a loop, and as many stand-ins as are unpacked in `figure, axes = plt.subplots()`.

        A function that iterates (sum, max, np.zeros) would make a number of nothing, so that is a calculation.
        """
        operation, argument = _operation(sys._getframe(1))
        if operation in ("CALL", "CALL_KW", "PRECALL"):
            self._calculate()
        unpacked = argument if operation == "UNPACK_SEQUENCE" else 0
        return iter([StandIn(f"{self._path}[…]", self._module)] * unpacked)

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *exception: object) -> None:
        """Swallow nothing."""

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, subclass: type) -> bool:
        return False

    def _calculate(self, *args: object, **kwargs: object) -> NoReturn:
        raise ModuleNotFoundError(self._complaint(), name=self._module)

    def __len__(self) -> NoReturn:
        # Python tries this before it iterates, as in f(*x), and goes on after a TypeError only.
        raise TypeError(self._complaint())

    def _complaint(self) -> str:
        return f"{self._path} has no value, because the module {self._module} is not available here"


for _name in _CALCULATIONS:
    setattr(StandIn, f"__{_name}__", StandIn._calculate)


class Importer:
    """The `__import__` of a submission. findings: one for every module that a stand-in replaces."""

    def __init__(self) -> None:
        self.findings: dict[str, Finding] = {}

    def __call__(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        top = name.partition(".")[0] or "."
        if level == 0 and top not in _NEVER_IMPORTED and top not in self.findings:
            try:
                return builtins.__import__(name, globals, locals, fromlist or ())
            except ImportError:
                if top == "numpy":  # a wrong name, not an absent module
                    raise
        line = sys._getframe(1).f_lineno
        if top != _OURS:  # the starter notebook itself says `from grader import check`
            self.findings.setdefault(top, Finding("stand_in_module", line, top))
        return StandIn(name if fromlist else top, top)


def builtins_for(importer: Importer) -> dict[str, Any]:
    """The built-in names of a submission: Python's and IPython's, without those that wait for somebody."""
    return {
        **vars(builtins),
        "__import__": importer,
        "input": _no_input,
        "breakpoint": _nothing,
        "help": _nothing,
        "exit": _exit,
        "quit": _exit,
        "get_ipython": StandIn("get_ipython", "IPython"),
        "display": StandIn("display", "IPython"),
    }


def _operation(frame: FrameType) -> tuple[str, int]:
    """The bytecode operation that `frame` is at, and its argument."""
    code = frame.f_code.co_code
    return dis.opname[code[frame.f_lasti]], code[frame.f_lasti + 1]


def _no_input(prompt: object = "") -> NoReturn:
    raise EOFError("input() is not available: nobody is there to answer while code is graded")


def _nothing(*args: object, **kwargs: object) -> None:
    """Take the place of a function that would wait for somebody."""


def _exit(code: object = None) -> NoReturn:
    raise SystemExit(code)

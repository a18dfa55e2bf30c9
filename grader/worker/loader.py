"""Loading a submission so that one fault costs only the statement that it is in.

Top-level statements run one by one in the namespace of one module. A statement that does not parse or that raises is
reported and left out, modules that are not here are replaced by inert stand-ins, and `if __name__ == "__main__"` does
not run, because the module's name is that of the file.
"""

from __future__ import annotations
import __future__ as future

import ast
import linecache
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from types import CodeType, ModuleType

from .decoding import decode_source
from .definitions import Definitions
from .parsing import Program, parse
from .raising import name_of, plain_text, text_of
from .stand_ins import Importer, builtins_for
from .wire import FINDING_KINDS as FINDING_KINDS
from .wire import Finding, FunctionInfo

_MAX_FINDINGS = 30  # of each kind; with details of this length all kinds together fit into a frame's header
_MAX_DETAIL = 500


@dataclass(frozen=True)
class LoadedModule:
    """A submission after loading.

    functions: what became of each exercise; one that is "missing" with a line has a definition, but that failed there.
    """

    module: ModuleType
    functions: dict[str, FunctionInfo]
    findings: list[Finding]


def load(
    source: bytes,
    file_name: str,
    exercises: Sequence[str],
    *,
    skip: Collection[int] = frozenset(),
    progress: Callable[[int, int], object] | None = None,
) -> LoadedModule:
    """Run the top-level statements of `source`, except those whose numbers are in `skip`.

    progress: called with number and line of a statement that is about to run and could take long, so that whoever
        has to stop the process knows which statement to skip next time.
    Raises nothing that the submission causes, unless it interferes with the interpreter itself.
    """
    text, findings = decode_source(source)
    linecache.cache[file_name] = (len(text), None, [line + "\n" for line in text.split("\n")], file_name)
    importer = Importer()
    module = _new_module(file_name)
    vars(module)["__builtins__"] = builtins_for(importer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = parse(text)
        run = _Run(module, file_name, exercises)
        run.all_of(program, frozenset(skip), progress)
    findings += [*program.findings, *run.findings, *importer.findings.values(), *run.definitions.findings()]
    findings.sort(key=lambda finding: finding.line)
    functions = run.definitions.infos({**program.lost, **run.lost})
    return LoadedModule(module, functions, _bounded(findings))


def _new_module(file_name: str) -> ModuleType:
    """An empty module that is named like the file; it can be imported, unless its name is taken."""
    name = re.sub(r"\W", "_", file_name.replace("\\", "/").rpartition("/")[2].partition(".")[0]) or "submission"
    module = ModuleType(name)
    module.__file__ = file_name
    known = sys.modules.get(name)
    if name not in sys.stdlib_module_names and (known is None or getattr(known, "__file__", None) == file_name):
        sys.modules[name] = module
    return module


class _Run:
    """One pass over the statements of a submission."""

    def __init__(self, module: ModuleType, file_name: str, exercises: Sequence[str]) -> None:
        self._namespace = vars(module)
        self._file_name = file_name
        self._future_flags = 0
        self.definitions = Definitions(self._namespace, exercises)
        self.findings: list[Finding] = []
        self.lost: dict[str, int] = {}

    def all_of(self, program: Program, skip: Collection[int], progress: Callable[[int, int], object] | None) -> None:
        for number, statement in enumerate(program.statements):
            code = self._compiled(statement) if number not in skip else None
            if code is None:
                continue
            if progress is not None and not _is_quick(statement):
                progress(number, statement.lineno)
            self._execute(code, statement)
            self.definitions.update(statement)

    def _compiled(self, statement: ast.stmt) -> CodeType | None:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                self._future_flags |= getattr(getattr(future, alias.name, None), "compiler_flag", 0)
        try:
            code: CodeType = compile(
                ast.Module([statement], []), self._file_name, "exec", flags=self._future_flags, dont_inherit=True
            )
            return code
        except SyntaxError as error:
            self._lose(statement, "syntax_error", error.lineno or statement.lineno, error.msg)
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            self._lose(statement, "syntax_error", statement.lineno, name_of(error))
        return None

    def _execute(self, code: CodeType, statement: ast.stmt) -> None:
        try:
            exec(code, self._namespace)
        except SystemExit:
            self._lose(statement, "statement_exited", statement.lineno)
        except BaseException as error:
            inside = error.__traceback__.tb_next if error.__traceback__ else None
            line = inside.tb_lineno if inside else statement.lineno
            self._lose(statement, "statement_failed", line, f"{name_of(error)}: {text_of(error)}")

    def _lose(self, statement: ast.stmt, kind: str, line: int, detail: str = "") -> None:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.lost[statement.name] = line
        self.findings.append(Finding(kind, line, detail))


def _is_quick(statement: ast.stmt) -> bool:
    """Whether a statement can neither take long nor crash, as far as its form tells.

    Before all others a Progress is sent. So a worker that has said nothing has run no code of the submission, and the
    trusted side may take its exit code for ours.
    """
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            arguments = statement.args
            parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            parameters += filter(None, [arguments.vararg, arguments.kwarg])
            annotations = [*(parameter.annotation for parameter in parameters), statement.returns]
            evaluated = filter(None, [*arguments.defaults, *arguments.kw_defaults, *annotations])
            return not statement.decorator_list and all(map(_is_simple, evaluated))
        case ast.ClassDef():
            called = [*statement.decorator_list, *statement.bases, *statement.keywords]
            return not called and all(map(_is_quick, statement.body))
        case ast.Assign():
            return all(isinstance(target, ast.Name) for target in statement.targets) and _is_simple(statement.value)
        case ast.Expr():
            return _is_simple(statement.value)
        case ast.Import():
            return all(alias.name in sys.modules for alias in statement.names)
        case ast.ImportFrom():
            return statement.module in sys.modules
    return isinstance(statement, ast.Pass)


def _is_simple(value: ast.expr) -> bool:
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    return isinstance(value, ast.Constant | ast.Name)


def _bounded(findings: list[Finding]) -> list[Finding]:
    """The first findings of each kind, with details that fit into a message, and how many others there are."""
    counts: Counter[str] = Counter()
    kept = []
    for finding in findings:
        counts[finding.kind] += 1
        if counts[finding.kind] <= _MAX_FINDINGS:
            kept.append(Finding(finding.kind, finding.line, plain_text(finding.detail, limit=_MAX_DETAIL)))
    if len(kept) < len(findings):
        kept.append(Finding("too_many_findings", detail=str(len(findings) - len(kept))))
    return kept

"""Modules of generated classes, each class built when it is needed."""

import builtins
import importlib
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, cast

STORES: Final = ("_inputs", "outputs", "_enums")
"""The modules of ``pulumi_aws``, and of each of its services, that define nothing but classes."""


class ClassStore(ModuleType):
    """A module that builds its classes when they are asked for."""

    def __getattr__(self, name: str) -> type:
        pending = self._pending()
        if name not in pending:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        deferred = pending.pop(name)
        # Types are looked up among the names of the class's module, where those that it mentions must then be.
        self.chosen(mentions(deferred.body.__code__))
        built = deferred.built()
        setattr(self, name, built)
        return built

    def chosen(self, names: set[str]) -> Mapping[str, type]:
        """Return those of the names that are classes of this module.

        Typed dictionaries, ``…ArgsDict``, are only there for type checkers.
        """
        there = names & (self._pending().keys() | vars(self).keys())
        wanted = sorted(name for name in there if name[0].isupper() and not name.endswith("ArgsDict"))
        return {name: getattr(self, name) for name in wanted}

    def _pending(self) -> "dict[str, DeferredClass]":
        return vars(self)[_PENDING]


_PENDING: Final = "_seatrial_pending"


class DeferredClass:
    """A class statement: what it was to be made from, and its decorators, innermost first."""

    def __init__(self, body: FunctionType, name: str, *bases: type, **keywords: Any) -> None:
        """Take what Python passes to ``__build_class__``."""
        self.body = body
        self.decorators: list[Callable[[type], type]] = []
        self._arguments = (name, *bases)
        self._keywords = keywords

    def built(self) -> type:
        """Run the statement."""
        result: type = builtins.__build_class__(self.body, *self._arguments, **self._keywords)
        for decorator in self.decorators:
            result = decorator(result)
        return result


class ClassStoreLoader(Loader):
    """Runs a module with class statements that do nothing yet."""

    def __init__(self, loader: SourceFileLoader) -> None:
        """Wrap the loader that finds the code."""
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module that builds classes later."""
        store = ClassStore(spec.name)
        vars(store)[_PENDING] = {}
        return store

    def exec_module(self, module: ModuleType) -> None:
        """Run everything but the bodies of classes."""
        names = vars(module)
        names["__builtins__"] = {**vars(builtins), "__build_class__": DeferredClass, "__import__": _import}
        exec(cast("CodeType", self._loader.get_code(module.__name__)), names)  # noqa: S102 (what the ordinary loader does)
        names["__builtins__"] = vars(builtins)
        names["pulumi"] = importlib.import_module("pulumi")
        pending = {name: value for name, value in names.items() if isinstance(value, DeferredClass)}
        for name in pending:
            del names[name]
        names[_PENDING] = pending
        # Who imports everything from here would have everything built.
        names["__all__"] = []


def _import(
    name: str,
    globals_: Mapping[str, object] | None = None,
    locals_: Mapping[str, object] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> object:
    """Import as always, except that ``import pulumi`` gets decorators that a deferred class can wait with."""
    module = builtins.__import__(name, globals_, locals_, fromlist or (), level)
    return _Decorators(module) if name.partition(".")[0] == "pulumi" and not fromlist and not level else module


class _Decorators:
    """Stands for the module ``pulumi`` while class statements are put off."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return _waiting(getattr(self._module, name))


def _waiting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a decorator, or what makes one from its arguments, that waits until the class is built."""

    def decorate(*args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], DeferredClass):
            args[0].decorators.append(function)
            return args[0]
        return _waiting(function(*args, **kwargs))

    return decorate


def mentions(code: CodeType) -> set[str]:
    """Return every text in a piece of code, which the names of classes are among."""
    constants = code.co_consts
    texts = {constant for constant in constants if isinstance(constant, str)}
    return texts.union(*(mentions(constant) for constant in constants if isinstance(constant, CodeType)))

"""One process that works on private data: jobs go in through a pipe and answers come out, both pickled.

The pipe is a pair of sockets that the event loop reads itself, so a short text takes no thread and no queue on its way.
"""

import asyncio
import gc
import logging
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar, cast

J = TypeVar("J")
A = TypeVar("A")

MEMORY_LIMIT = 2 * 1024**3  # bytes of address space; more than ten times what the longest text needs
_SIZE = struct.Struct("!Q")  # before each message: how many bytes it has
_COLLECTED = 20_000  # objects before one looks for those that hold each other: hardly any do
_LARGE = 32 * 1024  # bytes of an answer that take longer to unpickle than others should wait


class ProcessLost(Exception):
    """The process ended, or its answer cannot be read."""


class Process(Generic[J, A]):
    """A worker process that runs `work` for one sequence of jobs after the other; with none it loads what it needs."""

    def __init__(self, work: Callable[[Sequence[J]], A]) -> None:
        self._pipe: _Pipe | None = None
        self._socket, theirs = socket.socketpair()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_serve, args=(work, theirs, MEMORY_LIMIT), daemon=True)
        with theirs:
            self._process.start()

    async def answer(self, jobs: Sequence[J]) -> A:
        """Return what the work makes of the jobs; raise ProcessLost if the process ends before that."""
        if self._pipe is None:
            loop = asyncio.get_running_loop()
            _, self._pipe = await loop.create_connection(_Pipe, sock=self._socket)
        answer = await self._pipe.exchanged(pickle.dumps(jobs))
        read = asyncio.to_thread(_loaded, answer) if len(answer) > _LARGE else None
        found: A = await read if read else _loaded(answer)
        return found

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        with suppress(OSError, ValueError):
            self._process.kill()
        if self._pipe is None:
            self._socket.close()
        else:
            self._pipe.close()

    async def gone(self) -> None:
        """Wait until the killed process has ended."""
        await asyncio.to_thread(self._process.join)


class _Pipe(asyncio.Protocol):
    """Our end of the pair of sockets; one message is under way at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def exchanged(self, message: bytes) -> bytes:
        """Send a message and return the one that comes back."""
        if self._transport is None or self._transport.is_closing():
            raise ProcessLost
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(_SIZE.pack(len(message)) + message)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = _SIZE.size
        if len(self._received) >= end:
            end += _SIZE.unpack_from(self._received)[0]
        if len(self._received) >= end > _SIZE.size and not self._answer.done():
            self._answer.set_result(bytes(self._received[_SIZE.size : end]))
            del self._received[:end]

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if not self._answer.done():
            self._answer.set_exception(ProcessLost())
            self._answer.exception()  # Seen, so that asyncio does not report it where nobody waits for it.


def _loaded(answer: bytes) -> Any:
    try:
        return pickle.loads(answer)  # noqa: S301 - our own process wrote it
    except Exception:
        raise ProcessLost from None


def _serve(work: Callable[[Sequence[J]], A], pipe: socket.socket, memory: int) -> None:
    """Answer jobs until the other end of the pipe is closed; the life of the worker process."""
    _prepare(memory)
    try:
        with pipe, pipe.makefile("rwb") as stream:
            while head := stream.read(_SIZE.size):
                jobs = pickle.loads(stream.read(_SIZE.unpack(head)[0]))  # noqa: S301 - the gateway wrote it
                answer = pickle.dumps(work(jobs))
                if not jobs:
                    gc.freeze()  # What was loaded stays: no collection needs to look through it again.
                    gc.set_threshold(_COLLECTED)
                stream.write(_SIZE.pack(len(answer)) + answer)
                stream.flush()
    except BaseException:
        os._exit(1)  # An exception may quote the text: it is not printed, and the gateway sees that we are gone.


def _prepare(memory: int) -> None:
    """Make the worker process fit to read private text: silent, bounded, without network, not outliving its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.addaudithook(_refuse_network)
    with suppress(ValueError, OSError):  # Some systems refuse; the worker is killed there if it takes too much.
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _refuse_network(event: str, _: object) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        raise PermissionError("a guard worker has no network")


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)

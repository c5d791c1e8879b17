"""One event loop for all networks of a process, in a thread of its own.

The door is plain calls, made from many threads; behind it a connector waits for several things at
once: a stream, a poll, a heartbeat. Connectors are written with async, and enter the loop here.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import lru_cache
from typing import Any, TypeVar

from sanderling.core.network import NetworkError, SignInLost
from sanderling.core.words import later

T = TypeVar("T")
MOST_WAITING = 16
"""Pages that may wait for the desk before the network is made to wait."""
MOST_THREADS = 64
"""Names of servers are looked up in threads, and so are secrets: accounts that all renew theirs at
once must leave threads for the names of the servers which they ask.
"""
CANCELLED_AGAIN_S = 2.0
_making = threading.Lock()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do `work` in the loop and give what it gives; raises what it raises.

    Raises RuntimeError in the loop itself, which would wait for itself for ever.
    """
    loop, here = _loop(), asyncio._get_running_loop()
    if here is loop:
        work.close()
        raise RuntimeError("The loop of the networks cannot wait for itself.")
    return asyncio.run_coroutine_threadsafe(work, loop).result()


def each(source: AsyncGenerator[T, None]) -> Iterator[T]:
    """What `source` yields, to a plain caller; closing the iterator closes the source."""
    try:
        while True:
            try:
                yield run(_next(source))
            except StopAsyncIteration:
                return
    finally:
        run(source.aclose())


async def _next(source: AsyncGenerator[T, None]) -> T:
    return await anext(source)


async def together(*sources: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """What all sources yield, as it comes; ends when all end, and the first error ends all."""
    queue: asyncio.Queue[T | _End] = asyncio.Queue(MOST_WAITING)

    async def drain(source: AsyncGenerator[T, None]) -> None:
        error: BaseException | None = None
        try:
            async with aclosing(source):
                async for item in source:
                    await queue.put(item)
        except Exception as caught:
            error = caught
        await queue.put(_End(error))

    tasks = [asyncio.create_task(drain(source)) for source in sources]
    try:
        left = len(tasks)
        while left:
            item = await queue.get()
            if not isinstance(item, _End):
                yield item
            elif item.error is not None:
                raise item.error
            else:
                left -= 1
    finally:
        await _ended(tasks)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancels tasks until they have ended: a cancellation is lost where a timeout of the task's own
    comes in the same instant."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=CANCELLED_AGAIN_S)


async def lasting(
    connect: Callable[[], AsyncIterator[T]], pause: Callable[[NetworkError, int], float]
) -> AsyncGenerator[T, None]:
    """A stream that is opened again whenever it ends, after `pause(error, failures in a row)`.

    A stream that yielded something has not failed in a row. Only SignInLost passes through; a
    throttled stream waits at least as long as the network wants, by `pause`.
    """
    failures = 0
    while True:
        source = connect()
        try:
            async for item in source:
                failures = 0
                yield item
            raise NetworkError(later("The stream has ended."))
        except SignInLost:
            raise
        except NetworkError as error:
            failures += 1
            await asyncio.sleep(pause(error, failures))
        finally:
            if isinstance(source, AsyncGenerator):
                await source.aclose()


class _End:
    """A source is done; `error` says why, if it failed."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def _loop() -> asyncio.AbstractEventLoop:
    with _making:  # many threads may be the first
        return _made()


@lru_cache(maxsize=1)
def _made() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(MOST_THREADS, "networks"))
    threading.Thread(target=loop.run_forever, name="networks", daemon=True).start()
    return loop

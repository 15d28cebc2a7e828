"""Real races: several threads, each with its own connection, released together by a barrier."""

import threading

from django.db import connection


def race(*actions):
    """Run the actions at the same instant; returns what each returned, or the exception it raised."""
    barrier, results = threading.Barrier(len(actions)), [None] * len(actions)

    def run(index, action):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            results[index] = action()
        except Exception as error:  # handed to the test, which says what it expects
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive(), "a thread waits for ever"
    return results


def sort_out(results):
    """(what succeeded, exceptions) of a race."""
    failed = [result for result in results if isinstance(result, Exception)]
    return [result for result in results if not isinstance(result, Exception)], failed

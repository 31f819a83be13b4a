package vivarium.properties.walls.sins.storage;

import java.util.Arrays;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

/** Planted sins: more than one thread, and what is needed then. */
@SuppressWarnings({"NotifyWithoutWait", "UnusedVariable", "WaitNotInLoop", "NakedNotify"})
public final class Threads {
    volatile long seenByAll;

    Thread thread() {
        return Thread.currentThread();
    }

    void local(ThreadLocal<String> local) {}

    void executor(Executor executor) {}

    void lock(Lock lock) {}

    void atomic(AtomicLong atomic) {}

    void map(ConcurrentHashMap<String, String> map) {}

    void timer(Timer timer) {}

    void waits() throws InterruptedException {
        wait();
    }

    void notifies() {
        notify();
    }

    void notifiesAll() {
        notifyAll();
    }

    synchronized long synchronizedMethod() {
        return seenByAll;
    }

    long synchronizedBlock() {
        synchronized (this) {
            return seenByAll;
        }
    }

    Stream<String> parallelStream(List<String> list) {
        return list.parallelStream();
    }

    Stream<String> parallel(List<String> list) {
        return list.stream().parallel();
    }

    void sort(long[] array) {
        Arrays.parallelSort(array);
    }
}

package org.chirplens.experiments.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Reads this process's clocks and memory. */
final class Meter {
    private static final OperatingSystemMXBean PROCESS = process();

    /** The clock of processor time ticks a hundred times a second; what takes less counts as one tick. */
    private static final long TICK_NANOS = 10_000_000L;

    private Meter() {}

    private static OperatingSystemMXBean process() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean process) {
            return process;
        }
        throw new IllegalStateException("this Java does not tell a process's processor time");
    }

    /** What a piece of work on some images costs. */
    static Cost of(int images, Runnable work) {
        long cpu = PROCESS.getProcessCpuTime();
        long wall = System.nanoTime();
        work.run();
        long passed = System.nanoTime() - wall;
        long used = Math.max(TICK_NANOS, PROCESS.getProcessCpuTime() - cpu);
        return new Cost(images, used / 1e9, passed / 1e9);
    }

    /** What images cost that are worked on one after the other. */
    static Cost ofEach(int images, IntConsumer work) {
        return of(images, () -> IntStream.range(0, images).forEach(work));
    }

    /** Forgets the peak of the heap so far. */
    static void resetPeakHeap() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** The sum of the peaks of the heap's parts, in MiB; they need not have been reached at the same moment. */
    static double peakHeapMib() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / 1048576.0;
    }
}

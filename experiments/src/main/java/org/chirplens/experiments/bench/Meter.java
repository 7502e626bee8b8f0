package org.chirplens.experiments.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads this process's clocks and memory. */
final class Meter {
    private static final OperatingSystemMXBean PROCESS = process();

    /** The clock of processor time ticks a hundred times a second; what takes less counts as one tick. */
    private static final long TICK_NANOS = 10_000_000L;

    /** Where a device computes for the processor, a measurement ends when it took so many times its processor time. */
    private static final int PATIENCE = 3;

    private static final Path CLEAR = Path.of("/proc/self/clear_refs");
    private static final Path STATUS = Path.of("/proc/self/status");

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

    /**
     * What a piece of work on some images costs, done again and again until it took so much processor time in all, or three
     * times as long.
     */
    static Cost again(int images, double leastSeconds, Runnable work) {
        long cpu = PROCESS.getProcessCpuTime();
        long wall = System.nanoTime();
        int times = 0;
        long used;
        do {
            work.run();
            times++;
            used = PROCESS.getProcessCpuTime() - cpu;
        } while (used < leastSeconds * 1e9 && System.nanoTime() - wall < PATIENCE * leastSeconds * 1e9);
        return new Cost(images * times, Math.max(TICK_NANOS, used) / 1e9, (System.nanoTime() - wall) / 1e9);
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

    /** Forgets the peak of the process's resident memory so far, where Linux can. */
    static void resetPeakMemory() {
        try {
            // Value 5 of clear_refs, proc(5): the peak becomes what is resident now.
            Files.writeString(CLEAR, "5");
        } catch (IOException e) {
            // The peak since the process started is then what can be told.
            return;
        }
    }

    /** The most memory of the process that was resident at once, Java's heap included, in MiB; empty where Linux does not tell. */
    static OptionalDouble peakMemoryMib() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}

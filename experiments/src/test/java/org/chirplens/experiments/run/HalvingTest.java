package org.chirplens.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ProgressLine;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFResourceExhaustedException;

class HalvingTest {
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(told, true, StandardCharsets.UTF_8);
    private final Console console = new Console(err, err, true, false, false);
    private final ProgressLine line = console.progress("ablating", "heads x images");
    private final List<Integer> tried = new ArrayList<>();

    private int fitting(int size, int most) {
        tried.add(size);
        if (size > most) {
            throw new TFResourceExhaustedException("OOM when allocating tensor");
        }
        return size;
    }

    @Test
    void batchesAreHalvedUntilTheyFit() {
        int fitted = Halving.until(100, 1, "variants", line, size -> fitting(size, 30));
        assertThat(fitted).isEqualTo(25);
        assertThat(tried).containsExactly(100, 50, 25);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("going on with 50 variants at once", "going on with 25 variants at once");
    }

    @Test
    void theSmallestBatchFailsForGood() {
        assertThatThrownBy(() -> Halving.until(100, 40, "variants", line, size -> fitting(size, 30)))
                .isInstanceOf(TFResourceExhaustedException.class);
        assertThat(tried).containsExactly(100, 50);
    }
}

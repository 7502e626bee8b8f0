package org.chirplens.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.junit.jupiter.api.Test;

class InvocationTest {
    @Test
    void aCommandLineCanBePastedIntoAShell() {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
        Invocation invocation = new Invocation(
                CommandLine.builder().get(),
                List.of("run", "my configs/a.yaml", "--set", "data.figure.title.text=it's <number>", "--out", "runs/ä"),
                new Console(nowhere, nowhere, true, false, false));
        assertThat(invocation.resumeCommand())
                .isEqualTo(
                        "./chirplens run 'my configs/a.yaml' --set 'data.figure.title.text=it'\\''s <number>' --out 'runs/ä'"
                                + " --resume");
    }
}

package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.command.Commands;
import org.chirplens.model.Devices;
import org.chirplens.model.SessionOptions;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFResourceExhaustedException;

class MainTest {
    @Test
    void helpListsEveryCommand() {
        for (String[] words : new String[][] {{}, {"help"}, {"--help"}, {"-h"}}) {
            Outcome help = Outcome.of(words);
            assertThat(help.code()).isEqualTo(ExitCode.DONE);
            assertThat(help.err()).isEmpty();
            for (CommandSpec command : Commands.all()) {
                assertThat(help.out()).contains("  " + command.name() + " ").contains(command.summary());
            }
        }
    }

    @Test
    void everyCommandHasItsOwnHelpWithAnExample() {
        for (CommandSpec command : Commands.all()) {
            Outcome help = Outcome.of(command.name(), "--help");
            assertThat(help.code()).isEqualTo(ExitCode.DONE);
            assertThat(help.out()).startsWith("Usage: ./chirplens " + command.name());
            assertThat(help.out()).contains("./chirplens " + command.name(), "Example");
            assertThat(Outcome.of("help", command.name()).out()).isEqualTo(help.out());
        }
    }

    @Test
    void aMistypedCommandNamesTheNearestOne() {
        Outcome outcome = Outcome.of("scheme");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).isEqualTo("chirplens: unknown command 'scheme'; did you mean 'schema'?\n");
    }

    @Test
    void aMistypedOptionNamesTheNearestOne() {
        Outcome outcome = Outcome.of("doctor", "--jsno");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("chirplens: unknown option '--jsno'; did you mean '--json'?\n");
    }

    @Test
    void anUnexpectedArgumentIsNamed() {
        Outcome outcome = Outcome.of("schema", "extra");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("chirplens: schema does not know what to do with 'extra'\n");
    }

    @Test
    void anOptionWithoutItsValueIsNamed() {
        Outcome outcome = Outcome.of("doctor", "--threads");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("chirplens: --threads needs a value: N\n");
    }

    @Test
    void anOptionOfOneValueThatIsGivenTwiceIsRefused() {
        Outcome outcome = Outcome.of("doctor", "--threads", "1", "--threads", "2");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("chirplens: --threads must be given once, found 1, 2\n");
    }

    @Test
    void schemaGoesToStandardOutputAlone() {
        Outcome outcome = Outcome.of("schema");
        assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.json()
                        .at("/properties/model/properties/lora/properties/rank/default")
                        .asInt())
                .isEqualTo(8);
    }

    @Test
    void doctorNamesTensorFlowAndTheProcessor() {
        Outcome outcome = Outcome.of("doctor", "--json");
        assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.json().path("tensorflow").asText()).startsWith("2.");
        assertThat(outcome.json().path("devices").toString()).contains("CPU:0");
    }

    @Test
    void aGpuThatIsNotThereIsRefused() {
        assumeFalse(Devices.hasGpu(SessionOptions.defaults()));
        Outcome outcome = Outcome.of("predict", "--model", "../savedmodels/chirp-vit", "none.png", "--device", "gpu");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("--device gpu needs a GPU", "found none", "./chirplens doctor");
    }

    @Test
    void namesFromFilesCannotSteerATerminal() {
        Outcome outcome = Outcome.of("config\u001b[2Js" + "x".repeat(20_000));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .startsWith("chirplens: unknown command 'config?[2Jsx")
                .hasSizeLessThan(11_000);
    }

    @Test
    void wantOfMemoryIsExplainedWithWhatMayHelp() {
        assertThat(Main.message(new OutOfMemoryError("Java heap space")))
                .isEqualTo("out of memory: Java heap space; give Java more with CHIRPLENS_JAVA_OPTS=-Xmx4g");
        String text = "OOM when allocating tensor with shape[8,12]\n\t [[{{node MatMul}}]]\nHint: options";
        assertThat(Main.message(new TFResourceExhaustedException(text)))
                .startsWith("out of memory: OOM when allocating tensor with shape[8,12]; ")
                .contains("training.batchSize", "training.accumulate", "analysis.batchSize", "--gpu-memory")
                .doesNotContain("Hint");
    }

    @Test
    void optionsOfEveryCommandAreCheckedWhereNothingReadsThem() {
        Outcome outcome = Outcome.of("schema", "--device", "banana");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("--device must be auto, cpu, gpu, gpu:N or gpu:N,M, found 'banana'");
    }

    @Test
    void aPrecisionThatDoesNotExistIsRefused() {
        Outcome outcome =
                Outcome.of("predict", "--model", "../savedmodels/chirp-vit", "none.png", "--precision", "int8");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("--precision must be float32, bfloat16 or float16, found 'int8'");
    }
}

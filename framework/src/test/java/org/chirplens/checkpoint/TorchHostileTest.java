package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.chirplens.model.FloatArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that do what no checkpoint does are refused with a message, before memory is taken for what they claim. */
class TorchHostileTest {
    private final Path directory;

    TorchHostileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @CsvSource({"os, system", "posix, system", "builtins, eval", "builtins, exec", "subprocess, Popen", "torch, load"})
    void aPickleThatRunsACommandIsRefusedAndRunsNothing(String module, String name) throws IOException {
        Path marker = directory.resolve("marker");
        String command = (name.equals("eval") ? "open('" + marker + "', 'w')" : "touch " + marker);
        String message = "names " + module + "." + name + "; a checkpoint may name only collections.OrderedDict, ";

        refuses(pickle(p -> p.global(module, name).raw('(').text(command).raw("tR")), message);
        refuses(
                pickle(p ->
                        p.text(module).text(name).raw(0x93, '(').text(command).raw("tR")),
                message);
        refuses(
                Files.write(
                        directory.resolve("bare"),
                        new PickleWriter()
                                .global(module, name)
                                .raw('(')
                                .text(command)
                                .raw("tR")
                                .end()),
                message);
        assertThat(marker).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        // INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, PERSID and LONG4 could make, find or hold what no tensor needs.
        "'(i', 0x69",
        "'(o', 0x6f",
        "'))\u0081', 0x81",
        "')))\u0092', 0x92",
        "'\u0082\u0001', 0x82",
        "'Pstorage\n', 0x50",
        "'\u008b', 0x8b"
    })
    void instructionsThatTensorsDoNotNeedAreRefused(String code, String opcode) throws IOException {
        refuses(pickle(p -> p.raw(code)), "instruction " + opcode + " is not one that builds tensors");
    }

    @Test
    void lengthsThatAreNotThereTakeNoMemory() throws IOException {
        refuses(pickle(p -> p.raw('X').int32(-1)), "text must have at most 65536 bytes, found 4294967295");
        refuses(pickle(p -> p.raw('T').int32(Integer.MAX_VALUE)), "found 2147483647");
        refuses(pickle(p -> p.raw(0x8d).int64(-1)), "found 18446744073709551615");
        refuses(pickle(p -> p.raw('X').int32(60_000).raw("abc")), "needs 60000 more, found 4");
        refuses(pickle(p -> p.raw(0x95).int64(Long.MAX_VALUE)), "a frame goes beyond the end");
        refuses(pickle(p -> p.raw(0x8a, 255)), "needs 255 more, found 1");
        refuses(pickle(p -> p.raw('c').raw("a".repeat(300))), "the name of a class must have less than 256 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 'numbers a value 4294967295 where there are fewer'",
        "-2147483648, 'numbers a value 2147483648 where there are fewer'",
        "2147483647, 'numbers a value 2147483647 where there are fewer'",
        "1000, 'numbers a value 1000 where there are fewer'"
    })
    void memoIndexesThatNoEarlierInstructionCanExplainAreRefused(int index, String message) throws IOException {
        refuses(pickle(p -> p.raw("}r").int32(index)), message);
        refuses(
                pickle(p -> p.raw("}j").int32(index)),
                "asks for value " + Integer.toUnsignedString(index) + ", which was not numbered");
    }

    @ParameterizedTest
    @CsvSource({
        "t, has no mark to go back to",
        "u, has no mark to go back to",
        "R, takes more values than there are",
        "}(R, takes more values than there are",
        "}b, takes more values than there are",
        "NQ, 'needs a tuple, found None'",
        "NNR, 'needs a class or function, found None'",
        "NNb, 'needs a dict, found None'",
        "NNs, takes more values than there are",
        "NNNs, 'needs a dict, found None'",
        "}(Nu, sets a key without a value",
        "}Na, 'needs a list, found a dict'",
        "NN, leaves more than one value",
        "N(, takes more values than there are",
        "'', takes more values than there are",
        "'q\u0000', takes more values than there are"
    })
    void aStackThatIsNotAsExpectedIsRefused(String code, String message) throws IOException {
        refuses(pickle(p -> p.raw(code)), message);
    }

    @Test
    void whatFollowsThePickleIsRefused() throws IOException {
        refuses(pickle(p -> p.raw("}.x")), "data.pkl has 2 bytes after its end");
    }

    @Test
    void endlessNestingIsOnlyAsLongAsTheFile() throws IOException {
        int deep = 1_000_000;
        String advice = "must hold a dict of tensors, found ";
        refuses(pickle(p -> p.raw("N" + "\u0085".repeat(deep))), advice + "a tuple");
        refuses(pickle(p -> p.raw("]".repeat(deep) + "a".repeat(deep - 1))), advice + "a list");
        refuses(pickle(p -> p.raw("(".repeat(deep) + "t".repeat(deep))), advice + "a tuple");
        refuses(pickle(p -> p.raw("}N".repeat(deep) + "}" + "s".repeat(deep))), advice + "also None (a dict)");
        refuses(pickle(p -> p.raw("}".repeat(PickleBytes.MAX_LENGTH))), "data.pkl must have at most 4000000 bytes");
    }

    @Test
    void aDictThatContainsItselfDoesNoHarm() throws IOException {
        refuses(pickle(p -> p.raw("}q\u0000").text("self").raw("h\u0000s")), "found also self (a dict)");
        refuses(pickle(p -> p.raw("}q\u0000h\u0000h\u0000s")), "found also a dict (a dict)");
        refuses(
                pickle(p -> p.global("collections", "OrderedDict")
                        .raw(")Rq\u0000h\u0000b")
                        .text("w")
                        .raw("Ns")),
                "found also w (None)");
        refuses(pickle(p -> p.raw("]q\u0000h\u0000a")), "must hold a dict of tensors, found a list");
    }

    @Test
    void storagesMustBeThereInTheirSize() throws IOException {
        refuses(tensor(new byte[0][], 4, 0, "4", "1"), "the archive has no storage 0");
        refuses(tensor(new byte[][] {new byte[15]}, 4, 0, "4", "1"), "4 F32 values takes 16 bytes, found 15");
        refuses(tensor(new byte[][] {new byte[17]}, 4, 0, "4", "1"), "4 F32 values takes 16 bytes, found 17");
        refuses(
                tensor(new byte[][] {new byte[16], new byte[4]}, 4, 0, "4", "1"),
                "the archive has files that no tensor needs: data/1");
        for (long values : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 61}) {
            refuses(
                    tensor(new byte[][] {new byte[16]}, values, 0, "4", "1"),
                    "a storage must have 0 values or more, found " + values);
        }
        refuses(
                pickle(p -> p.raw('}')
                        .storage("FloatStorage", "0", 1)
                        .storage("HalfStorage", "0", 1)
                        .raw('s')),
                "storage 0 is named with different types or sizes");
        refuses(pickle(p -> p.raw('}').text("a").storage("OrderedDict", "0", 1).raw('s')), "names torch.OrderedDict");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|4|1|reaches value 4 of storage 0, which has 4",
                "4|1|1|reaches value 4 of storage 0",
                "0|2,2|3,2|reaches value 5 of storage 0",
                "0|5|1|reaches value 4",
                "-1|4|1|none negative, found a tensor with offset -1, sizes [4], strides [1]",
                "0|-4|1|none negative",
                "0|-2,-2|1,1|none negative",
                "3|4|-1|none negative",
                "0|4294967297|0|none negative",
                "0|4|1,1|none negative",
                "0|2,2|1|none negative",
                "9223372036854775807|1|1|reaches value 9223372036854775807",
                "1|2|9223372036854775807|is too large",
                "0|3|4611686018427387904|is too large",
                "0|65536,65536|0,0|is too large",
                "0|2147483647,2147483647,2147483647|0,0,0|is too large",
                "0|5|0|the tensors must not have more values than are stored, 4, found 5; save copies of views",
                "0|2147483647|0|more values than are stored, 4, found 2147483647",
                "0|2,3|1,1|more values than are stored, 4, found 6"
            })
    void viewsOutOfTheirStorageAreRefused(long offset, String sizes, String strides, String message)
            throws IOException {
        refuses(tensor(new byte[][] {new byte[16]}, 4, offset, sizes, strides), message);
    }

    @Test
    void manyViewsOfOneStorageTakeNoMoreThanTheStorage() throws IOException {
        PickleWriter writer = new PickleWriter().raw('}');
        for (int i = 0; i < 10_000; i++) {
            writer.text("w" + i)
                    .tensor(1000, i % 2, new long[] {999}, new long[] {1})
                    .raw('s');
        }
        byte[] same = ZipWriter.torch(writer.end(), new byte[4000]).end();
        refuses(Files.write(directory.resolve("many"), same), "more values than are stored, 1000, found 1998");
    }

    @Test
    void theSameNameTwiceIsRefused() throws IOException {
        long[] one = {1};
        refuses(
                Files.write(
                        directory.resolve("twice"),
                        ZipWriter.torch(
                                        new PickleWriter()
                                                .raw('}')
                                                .text("w")
                                                .tensor(1, 0, one, one)
                                                .raw('s')
                                                .text("w")
                                                .tensor(1, 0, one, one)
                                                .raw('s')
                                                .end(),
                                        new byte[4])
                                .end()),
                "has two tensors w");
    }

    @Test
    void messagesShowNoControlCharactersAndNoEndlessNames() throws IOException {
        refuses(pickle(p -> p.global("\u001b[2J", "x".repeat(200))), "names ?[2J." + "x".repeat(95) + "...;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config_a/model/best_vit_regression.pth",
                "config_a/model/adapter/adapter_model.safetensors",
                "../torch/legacy.pth"
            })
    void everyTruncationIsNoticed(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Recorded.path(name));
        Path file = directory.resolve("cut");
        for (int percent = 0; percent < 100; percent++) {
            Files.write(file, Arrays.copyOf(whole, (int) ((long) whole.length * percent / 100)));
            assertThatThrownBy(() -> TensorFiles.read(file))
                    .as("%s cut to %d %%", name, percent)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(file + ": ");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> TensorFiles.read(file)).isInstanceOf(IllegalArgumentException.class);
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> TensorFiles.read(file)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void notANumberIsReadAndThenRefusedForAModel() throws IOException {
        byte[] nan = {0, 0, -64, 127};
        Path file = tensor(new byte[][] {nan}, 1, 0, "1", "1");

        Map<String, FloatArray> read = TorchFile.read(file);

        assertThat(read.get("w")).isNotNull();
        assertThatThrownBy(() -> StrictTensors.take(file, read, Map.of("w", new int[] {1}), name -> name, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": tensors do not fit the model: not finite w");
    }

    /** A file with one float32 tensor {@code w}. */
    private Path tensor(byte[][] storages, long values, long offset, String sizes, String strides) throws IOException {
        byte[] pickle = new PickleWriter()
                .raw('}')
                .text("w")
                .tensor(values, offset, longs(sizes), longs(strides))
                .raw('s')
                .end();
        return Files.write(
                directory.resolve("tensor.pth"),
                ZipWriter.torch(pickle, storages).end());
    }

    private Path pickle(Consumer<PickleWriter> writing) throws IOException {
        PickleWriter writer = new PickleWriter();
        writing.accept(writer);
        return Files.write(
                directory.resolve("pickle.pth"), ZipWriter.torch(writer.end()).end());
    }

    private static long[] longs(String list) {
        return Arrays.stream(list.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }

    private static void refuses(Path file, String message) {
        assertThatThrownBy(() -> TorchFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}

package org.chirplens.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.StoredTensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Interprets a pickle that builds tensors, and nothing else. A pickle is a program for a machine with a stack and a
 * memory (<a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">its instructions</a>); Python's own
 * machine may import and call anything. This one knows the instructions that PyTorch writes and the names of
 * {@link TensorGlobal}. Each instruction makes at most one small object and takes at least one byte, so a pickle costs
 * memory and time in proportion to its length. Values are never compared, hashed or printed, so nesting without end and
 * dicts that contain themselves do no harm.
 */
final class TensorPickle {
    private static final int MAX_SHOWN = 100;
    private static final Tuple EMPTY_TUPLE = new Tuple(List.of());

    private final PickleBytes in;
    private final Map<String, Storage> storages;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private @Nullable Object[] memo = new @Nullable Object[16];
    private int remembered;

    /** Python's None. */
    enum None {
        NONE
    }

    /** A tuple; a class and not a record, whose equals and toString would follow what it contains. */
    static final class Tuple {
        private final List<Object> items;

        Tuple(List<Object> items) {
            this.items = items;
        }

        List<Object> items() {
            return items;
        }
    }

    /** A list or a dict while it grows; a dict has keys and values in turn. */
    abstract static class Growing {
        private final List<Object> items = new ArrayList<>(0);

        List<Object> items() {
            return items;
        }
    }

    /** A list. */
    static final class Sequence extends Growing {}

    /** A dict of either kind, its keys not yet checked. */
    static final class Dict extends Growing {}

    private TensorPickle(PickleBytes in, Map<String, Storage> storages) {
        this.in = in;
        this.storages = storages;
    }

    /**
     * Reads one pickle, up to its last instruction.
     *
     * @param storages takes the storages that it names, by their keys
     * @return a {@link StoredTensor}, {@link Dict}, {@link Sequence}, {@link Tuple}, {@link String}, {@link Number},
     *     {@link Boolean}, {@link None} or {@link TensorGlobal}
     * @throws IllegalArgumentException for anything that a checkpoint does not do
     */
    static Object read(PickleBytes in, Map<String, Storage> storages) throws IOException {
        TensorPickle pickle = new TensorPickle(in, storages);
        long at = in.position();
        try {
            for (int opcode = in.uint8(); opcode != '.'; opcode = in.uint8()) {
                pickle.execute(opcode);
                at = in.position();
            }
            Object result = pickle.pop();
            require(pickle.stack.isEmpty() && pickle.marks.isEmpty(), "leaves more than one value");
            return result;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("byte " + at + " of the pickle: " + e.getMessage(), e);
        }
    }

    private void execute(int opcode) throws IOException {
        switch (opcode) {
            case 0x80 -> checkProtocol(in.uint8());
            case 0x95 -> checkFrame(in.int64());
            case 'N' -> push(None.NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) in.int32());
            case 'K' -> push((long) in.uint8());
            case 'M' -> push((long) in.uint16());
            case 0x8a -> push(in.integer(in.uint8()));
            case 'G' -> push(in.float64());
            case 'X', 'T' -> push(in.text(in.uint32()));
            case 0x8c, 'U' -> push(in.text(in.uint8()));
            case 0x8d -> push(in.text(in.int64()));
            case '}' -> push(new Dict());
            case ']' -> push(new Sequence());
            case ')' -> push(EMPTY_TUPLE);
            case '(' -> marks.add(stack.size());
            case 't' -> push(new Tuple(popToMark()));
            case 0x85 -> push(new Tuple(List.of(pop())));
            case 0x86, 0x87 -> push(new Tuple(pop(opcode - 0x84)));
            case 's' -> grow(Dict.class, pop(2));
            case 'u' -> grow(Dict.class, popToMark());
            case 'a' -> grow(Sequence.class, pop(1));
            case 'e' -> grow(Sequence.class, popToMark());
            case 'q' -> remember(in.uint8());
            case 'r' -> remember(in.uint32());
            case 0x94 -> remember(remembered);
            case 'h' -> push(recall(in.uint8()));
            case 'j' -> push(recall(in.uint32()));
            case 'c' -> push(TensorGlobal.of(in.line(), in.line()));
            case 0x93 -> push(globalOfStack(pop(2)));
            case 'R' -> push(call(pop(2)));
            case 'b' -> build(pop());
            case 'Q' -> push(storage(TensorGlobal.storage(pop())));
            default ->
                throw new IllegalArgumentException(
                        String.format("instruction 0x%02x is not one that builds tensors", opcode));
        }
    }

    private static void checkProtocol(int protocol) {
        require(protocol >= 2 && protocol <= 5, "protocol must be in [2, 5], found " + protocol);
    }

    private void checkFrame(long length) {
        require(length >= 0 && length <= in.remaining(), "a frame goes beyond the end: " + length + " bytes");
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        Object value = top();
        stack.remove(stack.size() - 1);
        return value;
    }

    /** Takes that many values, the last pushed one last. */
    private List<Object> pop(int count) {
        int from = stack.size() - count;
        require(from >= (marks.isEmpty() ? 0 : marks.get(marks.size() - 1)), "takes more values than there are");
        List<Object> top = stack.subList(from, stack.size());
        List<Object> values = List.copyOf(top);
        top.clear();
        return values;
    }

    private List<Object> popToMark() {
        require(!marks.isEmpty(), "has no mark to go back to");
        return pop(stack.size() - marks.remove(marks.size() - 1));
    }

    private void grow(Class<? extends Growing> type, List<Object> items) {
        Growing target = as(type, top());
        require(type != Dict.class || items.size() % 2 == 0, "sets a key without a value");
        target.items().addAll(items);
    }

    private Object top() {
        require(stack.size() > (marks.isEmpty() ? 0 : marks.get(marks.size() - 1)), "takes more values than there are");
        return stack.get(stack.size() - 1);
    }

    // An index comes from an earlier instruction, so an honest one is below the bytes read; memory follows from that.
    private void remember(long index) {
        if (index >= in.position()) {
            throw new IllegalArgumentException("numbers a value " + index + " where there are fewer than that");
        }
        int place = (int) index;
        if (place >= memo.length) {
            memo = Arrays.copyOf(memo, Math.max(place + 1, 2 * memo.length));
        }
        if (memo[place] == null) {
            remembered++;
        }
        memo[place] = top();
    }

    private Object recall(long index) {
        Object value = index < memo.length ? memo[(int) index] : null;
        if (value == null) {
            throw new IllegalArgumentException("asks for value " + index + ", which was not numbered");
        }
        return value;
    }

    private static TensorGlobal globalOfStack(List<Object> names) {
        return TensorGlobal.of(as(String.class, names.get(0)), as(String.class, names.get(1)));
    }

    private static Object call(List<Object> functionAndArguments) {
        return as(TensorGlobal.class, functionAndArguments.get(0)).call(as(Tuple.class, functionAndArguments.get(1)));
    }

    // torch.nn.Module hangs version numbers of its layers (_metadata) on the dict that it gives; none concerns us.
    private void build(Object state) {
        as(Dict.class, state);
        as(Dict.class, top());
    }

    private Storage storage(Storage named) {
        Storage earlier = storages.putIfAbsent(named.key(), named);
        if (earlier != null && !earlier.equals(named)) {
            throw new IllegalArgumentException(
                    "storage " + shown(named.key()) + " is named with different types or sizes");
        }
        return named;
    }

    /** Casts a value to what the format has in its place. */
    static <T> T as(Class<T> type, Object value) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("needs " + kind(type) + ", found " + kind(value.getClass()));
        }
        return type.cast(value);
    }

    /** What a value is, in Python's words. */
    static String kind(Class<?> type) {
        return Map.of(
                        StoredTensor.class, "a tensor",
                        Storage.class, "a storage",
                        Dict.class, "a dict",
                        Sequence.class, "a list",
                        Tuple.class, "a tuple",
                        String.class, "a string",
                        Boolean.class, "a bool",
                        Double.class, "a float",
                        None.class, "None",
                        TensorGlobal.class, "a class or function")
                .getOrDefault(type, "an integer");
    }

    /** A name from the file, fit to stand in a message. */
    static String shown(String name) {
        String printable = name.codePoints()
                .limit(MAX_SHOWN)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable.length() < name.length() ? printable + "..." : printable;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

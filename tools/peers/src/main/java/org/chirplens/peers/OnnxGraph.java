package org.chirplens.peers;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a graph in the ONNX format. Field numbers are those of onnx.proto3 (ONNX 1.15). A node has one output, whose name is
 * made here.
 */
final class OnnxGraph {
    private static final int IR_VERSION = 9;
    private static final int OPSET = 20;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    /** The fields of the graph so far: a rope, in which the constants are not copied. */
    private ByteString graph = ByteString.EMPTY;

    private int values;

    /** What writes the fields of a message. */
    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static ByteString message(Fields fields) {
        ByteString.Output bytes = ByteString.newOutput();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a graph to memory", e);
        }
        return bytes.toByteString();
    }

    /** A field that is a message, its bytes not copied. */
    private static ByteString field(int number, ByteString message) {
        return message(out -> {
                    out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    out.writeUInt32NoTag(message.size());
                })
                .concat(message);
    }

    /** An attribute of a node. */
    record Attribute(ByteString bytes) {
        static Attribute of(String name, long value) {
            return new Attribute(message(out -> {
                out.writeString(1, name);
                out.writeInt64(3, value);
                out.writeInt32(20, 2);
            }));
        }

        static Attribute of(String name, float value) {
            return new Attribute(message(out -> {
                out.writeString(1, name);
                out.writeFloat(2, value);
                out.writeInt32(20, 1);
            }));
        }

        static Attribute of(String name, List<Integer> numbers) {
            return new Attribute(message(out -> {
                out.writeString(1, name);
                for (int number : numbers) {
                    out.writeInt64(8, number);
                }
                out.writeInt32(20, 7);
            }));
        }
    }

    /** A node; returns the name of its output. */
    String node(String operation, List<String> inputs, Attribute... attributes) {
        String output = "v" + values++;
        node(operation, inputs, output, attributes);
        return output;
    }

    private void node(String operation, List<String> inputs, String output, Attribute... attributes) {
        ByteString node = message(out -> {
            for (String input : inputs) {
                out.writeString(1, input);
            }
            out.writeString(2, output);
            out.writeString(4, operation);
            for (Attribute attribute : attributes) {
                out.writeBytes(5, attribute.bytes());
            }
        });
        graph = graph.concat(field(1, node));
    }

    /** A constant of floats; returns its name. */
    String constant(float[] data, int... shape) {
        ByteBuffer raw = ByteBuffer.allocate(data.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(data);
        return constant(FLOAT, raw, shape);
    }

    /** A constant vector of integers; returns its name. */
    String integers(long... data) {
        ByteBuffer raw = ByteBuffer.allocate(data.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(data);
        return constant(INT64, raw, data.length);
    }

    private String constant(int type, ByteBuffer raw, int... shape) {
        String name = "v" + values++;
        ByteString tensor = message(out -> {
            for (int size : shape) {
                out.writeInt64(1, size);
            }
            out.writeInt32(2, type);
            out.writeString(8, name);
        });
        graph = graph.concat(field(5, tensor.concat(field(9, UnsafeByteOperations.unsafeWrap(raw)))));
        return name;
    }

    /** The model: one input of floats whose first axis is free, one output. */
    ByteString model(String input, int[] inputShape, String result, String output) {
        node("Identity", List.of(result), output);
        ByteString rest = message(out -> {
            out.writeString(2, "vit");
            out.writeBytes(11, value(input, inputShape));
            out.writeBytes(12, value(output, new int[] {-1, -1}));
        });
        ByteString version = message(out -> out.writeInt64(1, IR_VERSION));
        ByteString opset = message(out -> out.writeInt64(2, OPSET));
        return version.concat(field(7, graph.concat(rest))).concat(field(8, opset));
    }

    /** A ValueInfoProto; an axis of -1 is free. */
    private static ByteString value(String name, int[] shape) {
        ByteString dimensions = message(out -> {
            for (int axis = 0; axis < shape.length; axis++) {
                int size = shape[axis];
                String free = name + axis;
                out.writeBytes(1, message(dimension -> {
                    if (size < 0) {
                        dimension.writeBytes(2, ByteString.copyFrom(free, StandardCharsets.UTF_8));
                    } else {
                        dimension.writeInt64(1, size);
                    }
                }));
            }
        });
        ByteString tensor = message(out -> {
            out.writeInt32(1, FLOAT);
            out.writeBytes(2, dimensions);
        });
        ByteString type = message(out -> out.writeBytes(1, tensor));
        return message(out -> {
            out.writeString(1, name);
            out.writeBytes(2, type);
        });
    }
}

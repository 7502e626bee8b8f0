package org.chirplens.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The number formats that can be stored in a file; widest first, the order in which safetensors files lay them out. */
public enum DType {
    F64(8, "<f8"),
    I64(8, "<i8"),
    F32(4, "<f4"),
    I32(4, "<i4"),
    /** IEEE 754 half precision. */
    F16(2, "<f2"),
    /** The upper half of a float32; NumPy has no name for it. */
    BF16(2, ""),
    U8(1, "|u1"),
    BOOL(1, "|b1");

    /** Integers up to here are exact as a double. */
    private static final long EXACT = 1L << 53;

    /** From here on a value rounds to infinity in half precision. */
    private static final float HALF_OVERFLOW = 65520;

    private final int bytes;
    private final String descr;

    DType(int bytes, String descr) {
        this.bytes = bytes;
        this.descr = descr;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }

    /** Whether every value of this format is a float32. */
    boolean fitsFloat() {
        return this == F32 || this == F16 || this == BF16;
    }

    /** Refuses to take values of another format for weights. */
    void requireFitsFloat() {
        if (!fitsFloat()) {
            throw new IllegalArgumentException(
                    "weights must be F32, F16 or BF16, found " + this + "; convert it to F32 first");
        }
    }

    /** The format of this safetensors name, such as {@code F32}. */
    static DType ofSafetensors(String name) {
        return Arrays.stream(values())
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "dtype must be one of " + Arrays.toString(values()) + ", found " + name));
    }

    /** The format of this NumPy descriptor, such as {@code <f4}. */
    static DType ofNumpy(String descr) {
        return Arrays.stream(values())
                .filter(d -> !d.descr.isEmpty() && d.descr.equals(descr))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "descr must be one of <f8 <i8 <f4 <i4 <f2 |u1 |b1 (little-endian), found " + descr));
    }

    /** Decodes all of a little-endian buffer of {@link #fitsFloat()} values. */
    void decode(ByteBuffer from, float[] to, int offset) {
        int count = from.remaining() / bytes;
        if (this == F32) {
            from.asFloatBuffer().get(to, offset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            short bits = from.getShort(from.position() + 2 * i);
            to[offset + i] = this == F16 ? half(bits) : Float.intBitsToFloat(bits << 16);
        }
    }

    /** Decodes all of a little-endian buffer. */
    void decode(ByteBuffer from, double[] to, int offset) {
        int count = from.remaining() / bytes;
        for (int i = 0; i < count; i++) {
            int at = from.position() + bytes * i;
            to[offset + i] = switch (this) {
                case F64 -> from.getDouble(at);
                case I64 -> exact(from.getLong(at));
                case F32 -> from.getFloat(at);
                case I32 -> from.getInt(at);
                case F16 -> half(from.getShort(at));
                case BF16 -> Float.intBitsToFloat(from.getShort(at) << 16);
                case U8 -> from.get(at) & 0xff;
                case BOOL -> bool(from.get(at));
            };
        }
    }

    /**
     * Encodes one value at the buffer's position. F64, F32 and F16 take the nearest value that they have; of the other formats the
     * value must be one.
     */
    void encode(double value, ByteBuffer to) {
        switch (this) {
            case F64 -> to.putDouble(value);
            case F32 -> to.putFloat((float) value);
            case I64 -> to.putLong((long) whole(value, -EXACT, EXACT));
            case I32 -> to.putInt((int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case U8 -> to.put((byte) whole(value, 0, 255));
            case BOOL -> to.put((byte) whole(value, 0, 1));
            case F16 -> to.putShort(toHalf((float) value));
            case BF16 -> throw new IllegalArgumentException(this + " is read but not written; write F32 instead");
        }
    }

    /** Encodes some values, each as the nearest of this {@link #fitsFloat()} format. */
    void encode(float[] from, int offset, int count, ByteBuffer to) {
        if (this == F32) {
            to.asFloatBuffer().put(from, offset, count);
            to.position(to.position() + count * bytes);
            return;
        }
        for (int i = offset; i < offset + count; i++) {
            encode(from[i], to);
        }
    }

    private double whole(double value, double min, double max) {
        if (value != Math.rint(value) || !(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                    this + " values must be whole and in [" + min + ", " + max + "], found " + value);
        }
        return value;
    }

    private static double exact(long value) {
        if (value < -EXACT || value > EXACT) {
            throw new IllegalArgumentException("I64 values must be in [-2^53, 2^53], found " + value);
        }
        return value;
    }

    private static double bool(byte value) {
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("BOOL values must be 0 or 1, found " + value);
        }
        return value;
    }

    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        int wide = exponent == 31 ? 0x7f800000 : (exponent + 112) << 23;
        return Float.intBitsToFloat(sign | wide | (fraction << 13));
    }

    /** The nearest half-precision value, ties to even; what is too large for the format is refused. */
    private static short toHalf(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (!(magnitude < HALF_OVERFLOW)) {
            throw new IllegalArgumentException("F16 values must be below 65520 in size, found " + value);
        }
        if (magnitude < 0x1p-14f) {
            // Subnormal: whole multiples of 2^-24, which rint rounds to with ties to even.
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24f));
        }
        int bits = Float.floatToRawIntBits(magnitude) - (112 << 23);
        int rounded = bits + 0xfff + (bits >>> 13 & 1);
        return (short) (sign | rounded >>> 13);
    }
}

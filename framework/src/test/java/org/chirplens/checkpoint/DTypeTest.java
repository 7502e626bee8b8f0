package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DTypeTest {
    @Test
    void everyFiniteHalfComesBackAsItIs() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = decode((short) bits);
            if (Float.isFinite(value)) {
                assertThat(encode(value)).as("%04x", bits).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void aFloatBecomesTheNearestHalf() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 26));
            if (Math.abs(value) < 65_504) {
                short half = encode(value);
                double error = Math.abs((double) decode(half) - value);
                for (int step : new int[] {-1, 1}) {
                    float neighbour = decode((short) (half + step));
                    if (Float.isFinite(neighbour)) {
                        assertThat(error)
                                .as("seed 4, %s", value)
                                .isLessThanOrEqualTo(Math.abs((double) neighbour - value));
                    }
                }
            }
        }
    }

    /** Half-way between two halves the even one is taken; the numbers are 1 + k / 2048, subnormals and the largest. */
    @ParameterizedTest
    @CsvSource({
        "1.00048828125, 0x3c00",
        "1.00146484375, 0x3c02",
        "2.9802322387695312e-8, 0x0000",
        "8.940696716308594e-8, 0x0002",
        "6.1005353927612305e-5, 0x0400",
        "65519.99, 0x7bff",
        "-1.00146484375, -0x43fe"
    })
    void tiesGoToEven(float value, String half) {
        assertThat(encode(value)).isEqualTo(Integer.decode(half).shortValue());
    }

    @Test
    void whatIsTooLargeForHalfPrecisionIsRefused() {
        assertThatThrownBy(() -> encode(65_520))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("F16 values must be below 65520 in size, found 65520.0");
        assertThatThrownBy(() -> encode(Float.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    private static short encode(float value) {
        ByteBuffer buffer = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        DType.F16.encode(new float[] {value}, 0, 1, buffer);
        return buffer.getShort(0);
    }

    private static float decode(short half) {
        float[] value = new float[1];
        DType.F16.decode(
                ByteBuffer.allocate(2)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putShort(half)
                        .flip(),
                value,
                0);
        return value[0];
    }
}

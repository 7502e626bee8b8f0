package org.chirplens.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.HeadStatistics;
import org.chirplens.dataset.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectFilesTest {
    private static final int LAYERS = 4;
    private static final int HEADS = 2;
    private static final int IMAGES = 12;

    @TempDir
    private Path directory;

    @Test
    void everyRowHasACellForEveryColumn() throws IOException {
        Random random = new Random(1);
        float[][][] ablated = new float[LAYERS * HEADS][][];
        for (int head = 0; head < ablated.length; head++) {
            ablated[head] = values(random, 1 + head);
        }
        HeadStatistics statistics = HeadStatistics.of(
                HeadAblation.of("head_mask", LAYERS, HEADS, values(random, 1), values(random, 1), ablated, 0));
        Path file = directory.resolve("layers.csv");
        EffectFiles.writeLayers(file, statistics, Target.RELEASED);

        List<String> rows = Files.readAllLines(file);
        int columns = rows.get(0).split(",", -1).length;
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.split(",", -1)).as(row).hasSize(columns));
        assertThat(rows)
                .anyMatch(row -> row.startsWith("early_1/2,0,1,loss_increase_percent,pooled,percent,"))
                .anyMatch(row -> row.startsWith("deep_1/2,2,3,loss_increase_percent,pooled,percent,"))
                .anyMatch(row -> row.startsWith("deep_to_early_1/2,,,loss_increase_ratio,pooled,ratio,"));
    }

    private static float[][] values(Random random, double scale) {
        float[][] values = new float[IMAGES][Target.RELEASED.size()];
        for (float[] row : values) {
            for (int t = 0; t < row.length; t++) {
                row[t] = (float) (scale * random.nextGaussian());
            }
        }
        return values;
    }
}

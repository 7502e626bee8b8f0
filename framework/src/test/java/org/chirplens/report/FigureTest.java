package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

class FigureTest {
    private static final Map<String, Supplier<Figure>> DRAWINGS = SampleResults.figures();
    private static final Map<String, Figure> FIGURES = new ConcurrentHashMap<>();

    static Stream<String> names() {
        return DRAWINGS.keySet().stream();
    }

    private static Figure figure(String name) {
        return FIGURES.computeIfAbsent(name, FigureTest::draw);
    }

    private static Figure draw(String name) {
        return Objects.requireNonNull(DRAWINGS.get(name), name).get();
    }

    @ParameterizedTest
    @MethodSource("names")
    void noTextLeavesTheFigure(String name) {
        Figure figure = figure(name);
        for (Mark.Text text : texts(figure)) {
            Rectangle2D bounds = text.bounds();
            assertThat(new Rectangle2D.Double(0, 0, figure.width(), figure.height()).contains(bounds))
                    .as("'%s' at %s in %d x %d", text.text(), bounds, figure.width(), figure.height())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void noTwoTextsOverlap(String name) {
        List<Mark.Text> texts = texts(figure(name));
        for (int i = 0; i < texts.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(texts.get(i).bounds().intersects(texts.get(j).bounds()))
                        .as("'%s' and '%s'", texts.get(i).text(), texts.get(j).text())
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everySvgIsWellFormedAndSaysWhatItShows(String name) throws Exception {
        Figure figure = figure(name);
        Element svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(figure.svg().getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertThat(svg.getAttribute("viewBox")).isEqualTo("0 0 " + figure.width() + " " + figure.height());
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo(figure.title());
        assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).isEqualTo(figure.description());
        assertThat(figure.svg().replaceAll("data:[^\"]*", "")).doesNotContain("NaN", "Infinity");
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyPngHasTwiceTheSizeAndIsNotEmpty(String name) {
        Figure figure = figure(name);
        BufferedImage image = figure.image();
        assertThat(image.getWidth()).isEqualTo(2 * figure.width());
        assertThat(image.getHeight()).isEqualTo(2 * figure.height());
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        assertThat(Arrays.stream(pixels).distinct().limit(20).count()).isEqualTo(20);
    }

    @Test
    void equalInputGivesEqualBytes(@TempDir Path folder) throws IOException {
        for (String name :
                List.of("1 sample", "heat map 2 x 3", "histograms 2 x 3", "attention 4 x 4", "training 24")) {
            Figure again = draw(name);
            assertThat(again.svg()).as(name).isEqualTo(figure(name).svg());
            again.savePng(folder.resolve("again.png"));
            figure(name).savePng(folder.resolve("first.png"));
            assertThat(folder.resolve("again.png")).hasSameBinaryContentAs(folder.resolve("first.png"));
        }
    }

    @Test
    void aGridOf144AttentionMapsStaysBelow3Megabytes(@TempDir Path folder) throws IOException {
        Path png = folder.resolve("new/attention.png");
        figure("attention 12 x 12").savePng(png);
        assertThat(Files.size(png)).isLessThan(3_000_000);
        assertThat(ImageIO.read(png.toFile()).getWidth())
                .isEqualTo(2 * figure("attention 12 x 12").width());
        assertThat(folder.resolve("new")).isDirectoryNotContaining("glob:**.tmp");
    }

    private static List<Mark.Text> texts(Figure figure) {
        return figure.marks().stream()
                .filter(Mark.Text.class::isInstance)
                .map(Mark.Text.class::cast)
                .toList();
    }
}

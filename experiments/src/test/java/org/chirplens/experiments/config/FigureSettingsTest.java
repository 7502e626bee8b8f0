package org.chirplens.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chirplens.figure.ColourMap;
import org.chirplens.figure.ElementStyle;
import org.chirplens.figure.FigureElement;
import org.chirplens.figure.FigureStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureSettingsTest {
    private static final FigureStyle RELEASED = FigureStyle.released();

    @TempDir
    Path directory;

    @Test
    void figuresAreTheReleasedOnesUnlessTold() throws IOException {
        assertThat(style("data: {source: generated}\n")).isEqualTo(RELEASED);
    }

    @ParameterizedTest
    @CsvSource({
        "title, TITLE",
        "timeLabel, TIME_LABEL",
        "frequencyLabel, FREQUENCY_LABEL",
        "timeTicks, TIME_TICKS",
        "frequencyTicks, FREQUENCY_TICKS",
        "frame, FRAME",
        "colourBar, COLOUR_BAR",
        "colourBarTicks, COLOUR_BAR_TICKS",
        "colourBarLabel, COLOUR_BAR_LABEL"
    })
    void everyKeyReachesItsOwnElement(String key, FigureElement element) throws IOException {
        assertThat(style("data: {source: generated, figure: {" + key + ": {shown: false}}}\n"))
                .isEqualTo(RELEASED.without(element));
    }

    @Test
    void theConfigOfTheDocumentIsTheStyleThatItSpeaksOf() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "figures.md"));
        Matcher block = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(document);
        assertThat(block.find()).isTrue();
        assertThat(style(block.group(1)))
                .isEqualTo(RELEASED.in(ColourMap.MAGMA)
                        .with(
                                FigureElement.TITLE,
                                ElementStyle.released(FigureElement.TITLE)
                                        .saying("<noise:28>")
                                        .moved(-60, 60))
                        .without(FigureElement.COLOUR_BAR_TICKS));
    }

    @Test
    void anUnknownPlaceInATextIsRefusedWithItsLine() {
        assertThatThrownBy(() ->
                        style("data:\n  source: generated\n  figure:\n    colourBarLabel:\n      text: <nmber>\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("x.yaml:5:13: data.figure.colourBarLabel.text is no text")
                .hasMessageContaining("found <nmber>");
    }

    private FigureStyle style(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("x.yaml"), yaml);
        DataSettings data = ConfigReader.readData(file, List.of()).config().data();
        return ((DataSettings.Generated) data).figure().style();
    }
}

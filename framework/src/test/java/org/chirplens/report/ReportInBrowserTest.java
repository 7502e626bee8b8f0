package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.dataset.Target;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The report as people use it, from disk, in the system's Chromium. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportInBrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    /** Two more than a page holds. */
    private static final int IMAGES = 18;

    private Path folder;
    private ChromeDriver browser;
    private ReportData data;

    @BeforeAll
    void openABrowser(@TempDir Path temporary) throws Exception {
        folder = temporary;
        boolean installed = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
        String message = "the report's tests in a browser need " + CHROMIUM + " and " + DRIVER
                + " (Debian: apt-get install chromium chromium-driver)";
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(installed, message);
        } else if (!installed) {
            System.err.println("SKIPPED: " + message);
        }
        assumeTrue(installed, message);
        data = data();
        ReportPage.save(folder.resolve("report.html"), data);
        for (AblationResults results : data.ablations()) {
            Files.writeString(folder.resolve(results.ablation().protocol() + ".csv"), results.csv());
        }
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options());
    }

    private ChromeOptions options() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        // As root, as in a container, Chromium starts only without its sandbox.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        options.setExperimentalOption(
                "prefs",
                Map.of("download.default_directory", folder.resolve("downloads").toString()));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        return options;
    }

    private static ReportData data() {
        HeadAblation ablation = SampleResults.ablation(4, 5, 30);
        HeadAblation other = ablation.against(ablation.labels(), "a_protocol_with_a_long_name");
        return new ReportData(
                "a-run-with-a-name-that-is-longer-than-a-narrow-window-is-wide",
                "./chirplens run configs/x.yaml",
                "{}",
                List.of(new ReportData.Fact("data", "0123456789abcdef".repeat(4))),
                Target.RELEASED,
                List.of(new ReportData.Scores(
                        "test images", SampleResults.history(5).get(4).validation(), SampleResults.intervals())),
                SampleResults.history(5),
                List.of(SampleResults.results(ablation), SampleResults.results(other)),
                SampleResults.attention(4, 5, 6, IMAGES, List.of("averaged over patch queries", "from the CLS token")),
                SampleResults.profiles(ablation, List.of("chirp", "title", "frame and ticks")),
                List.of(new ReportData.FigureGroup("Head ablation", List.of(LossIncreaseHeatMap.draw(ablation)))));
    }

    @AfterAll
    void closeTheBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void openThePage() {
        width(1280);
        browser.get(folder.resolve("report.html").toUri().toString());
    }

    /** No error is on the console, and nothing was asked of a network. */
    @AfterEach
    void nothingWentWrong() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
        List<String> requests = browser.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> entry.getMessage())
                .filter(message -> message.contains("\"Network.requestWillBeSent\""))
                .toList();
        assertThat(requests).isNotEmpty().noneMatch(message -> message.matches(".*\"url\":\"(https?|wss?|ftp):.*"));
    }

    @Test
    void theGridShowsTheChosenProtocolMetricAndTarget() {
        WebElement cell = cell(3, 2);
        String increase = cell.getText();
        choose("explorer-target", "start frequency");
        assertThat(cell.getText()).isNotEqualTo(increase);
        List<AblationResults.Effect> effects =
                data.ablations().get(0).byTarget().get(1);
        double[] percents = effects.stream()
                .mapToDouble(AblationResults.Effect::increasePercent)
                .toArray();
        assertThat(cell.getText())
                .isEqualTo(GridColours.increase(percents).texts().get(11));
        choose("explorer-view", "verdict");
        assertThat(cell.getText()).isEqualTo(effects.get(11).verdict().key());
        choose("explorer-view", "adjusted p-value");
        assertThat(element("explorer-legend").getText()).contains("loss grows, p ≤ 0.001");
        choose("explorer-protocol", "a_protocol_with_a_long_name");
        choose("explorer-view", "what it looks at");
        assertThat(element("explorer-protocol").isEnabled()).isFalse();
        assertThat(cell.getText()).isEqualTo("chirp");
        choose("explorer-view", "attention map");
        assertThat(cell.findElements(By.tagName("canvas"))).hasSize(1);
    }

    @Test
    void aHeadIsReachedAndOpenedByKeys() {
        WebElement most = browser.findElement(By.cssSelector("#explorer-grid [tabindex='0']"));
        assertThat(most.getDomAttribute("aria-selected")).isEqualTo("true");
        most.sendKeys(Keys.PAGE_DOWN);
        focused().sendKeys(Keys.HOME);
        focused().sendKeys(Keys.ARROW_UP);
        focused().sendKeys(Keys.ARROW_RIGHT);
        assertThat(focused().getAccessibleName())
                .startsWith("Layer 2, head 2 · loss")
                .contains("95 % interval [");
        assertThat(element("explorer-readout").getText()).startsWith("Layer 2, head 2");
        focused().sendKeys(Keys.ENTER);
        assertThat(element("explorer-head").getText()).isEqualTo("Layer 2, head 2");
        focused().sendKeys(Keys.END, Keys.ARROW_RIGHT);
        focused().sendKeys(Keys.SPACE);
        assertThat(element("explorer-head").getText()).isEqualTo("Layer 2, head 5");
        assertThat(browser.findElements(By.cssSelector("#explorer-grid [tabindex='0']")))
                .hasSize(1);
    }

    @Test
    void aHeadThatIsSelectedShowsItsEffectsAndItsProfile() {
        new Actions(browser).moveToElement(cell(2, 1)).perform();
        assertThat(element("explorer-readout").getText()).startsWith("Layer 2, head 1 · loss");
        cell(1, 4).click();
        assertThat(element("explorer-head").getText()).isEqualTo("Layer 1, head 4");
        AblationResults.Effect effect = data.ablations().get(0).pooled().get(3);
        assertThat(element("explorer-effects").getText())
                .contains(
                        NumberText.signedPercent(effect.increasePercent()),
                        NumberText.percentInterval(effect.interval()),
                        "a_protocol_with_a_long_name");
        assertThat(element("explorer-profile").getText()).contains("title and labels", "30.0 %", "[25.0, 34.0]");
        browser.findElement(By.cssSelector("#explorer-effects summary")).click();
        assertThat(browser.findElements(By.cssSelector("#explorer-effects details tbody tr")))
                .hasSize(6);
    }

    @Test
    void imagesScalesReadingsAndOpacityCanBeChosen() {
        String before = pixels();
        element("viewer-opacity").sendKeys(Keys.HOME);
        assertThat(element("viewer-map").getCssValue("opacity")).isEqualTo("0");
        element("viewer-colour").click();
        assertThat(element("viewer-picture").getCssValue("filter")).isEqualTo("none");
        choose("viewer-scale", "one for all heads");
        assertThat(pixels()).isNotEqualTo(before);
        choose("viewer-reading", "from the CLS token");
        String first = element("viewer-picture").getDomProperty("src");
        element("viewer-next").click();
        assertThat(element("viewer-picture").getDomProperty("src")).isNotEqualTo(first);
        assertThat(element("viewer-picture").getDomProperty("alt")).isEqualTo("image 2.png");
        choose("viewer-image", "image 1.png");
        assertThat(element("viewer-picture").getDomProperty("src")).isEqualTo(first);
    }

    @Test
    void anImageBesideThePageIsLoadedWhenItIsChosen() {
        element("viewer-previous").click();
        WebElement picture = element("viewer-picture");
        new WebDriverWait(browser, Duration.ofSeconds(10))
                .until(shown -> "image 18.png".equals(picture.getDomProperty("alt")));
        assertThat(element("viewer-note").getText()).isEmpty();
    }

    @Test
    void tablesAreSortedAndFiltered() {
        WebElement table = browser.findElement(By.cssSelector("#heads table"));
        WebElement title = table.findElements(By.cssSelector("thead button")).get(3);
        title.click();
        HeadAblation ablation = data.ablations().get(0).ablation();
        double most = Arrays.stream(ablation.lossIncreasesPercent()).max().orElseThrow();
        assertThat(table.findElement(By.cssSelector("tbody td:nth-child(4)")).getText())
                .isEqualTo(NumberText.signedPercent(most));
        WebElement filter = browser.findElement(By.cssSelector("#heads .filter"));
        filter.sendKeys("layer 2");
        assertThat(shownRows(table)).hasSize(5).allMatch(row -> row.startsWith("2 "));
        filter.sendKeys(", op");
        assertThat(shownRows(table)).isNotEmpty().allMatch(row -> row.startsWith("2 ") && row.contains(" open "));
        assertThat(browser.findElement(By.cssSelector("#heads .shown")).getText())
                .isEqualTo(shownRows(table).size() + " of 20 heads");
    }

    @Test
    void theFileOfEachProtocolIsDownloadedByteForByte() throws Exception {
        List<WebElement> all = browser.findElements(By.cssSelector("#heads details"));
        for (int i = 0; i < all.size(); i++) {
            if (i > 0) {
                all.get(i).findElement(By.tagName("summary")).click();
            }
            all.get(i).findElement(By.cssSelector("a[download]")).click();
            String name = data.ablations().get(i).ablation().protocol() + ".csv";
            Path file = folder.resolve("downloads").resolve(name);
            // Chromium puts an empty file there first, and moves the whole one over it.
            new WebDriverWait(browser, Duration.ofSeconds(10))
                    .until(shown -> file.toFile().length() > 0);
            assertThat(file).hasSameBinaryContentAs(folder.resolve(name));
            assertThat(file).hasBinaryContent(data.ablations().get(i).csv().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void theHeadsOfTwoRunsThatDifferAreFilteredAndSorted() {
        ComparisonData comparison = SampleComparison.of("one", "two", 3);
        openTheComparison(comparison);
        WebElement table = browser.findElement(By.cssSelector("#heads table.sortable"));
        List<WebElement> titles = table.findElements(By.cssSelector("thead button"));
        titles.get(titles.size() - 1).click();
        HeadComparison heads = comparison.heads().get(0);
        double most = Arrays.stream(heads.differences()).max().orElseThrow();
        assertThat(table.findElement(By.cssSelector("tbody td:last-child")).getText())
                .isEqualTo(ComparisonWords.signed(most));
        browser.findElement(By.cssSelector("#heads .filter")).sendKeys("differs");
        assertThat(shownRows(table)).hasSameSizeAs(heads.otherVerdicts());
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 1600})
    void nothingOfTheComparisonIsWiderThanTheWindow(int width) {
        openTheComparison(
                SampleComparison.of("a-run-with-a-name-that-is-longer-than-a-narrow-window-is-wide", "two", 3));
        requireNothingWiderThan(width);
    }

    private void openTheComparison(ComparisonData comparison) {
        Path page = folder.resolve("comparison.html");
        ComparisonPage.save(page, comparison, ComparisonFigures.draw(comparison));
        browser.get(page.toUri().toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 1600})
    void nothingIsWiderThanTheWindow(int width) {
        requireNothingWiderThan(width);
    }

    private void requireNothingWiderThan(int width) {
        width(width);
        browser.findElements(By.cssSelector("details:not([open])"))
                .forEach(details -> browser.executeScript("arguments[0].open = true", details));
        assertThat(browser.executeScript(
                        "const root = document.documentElement; return root.scrollWidth - root.clientWidth"))
                .isEqualTo(0L);
    }

    private void width(int pixels) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 1000, "deviceScaleFactor", 1, "mobile", false));
    }

    private WebElement element(String id) {
        return browser.findElement(By.id(id));
    }

    /** A cell of the grid, counted from 1. */
    private WebElement cell(int layer, int head) {
        return browser.findElement(By.cssSelector("[data-head='" + (5 * (layer - 1) + head - 1) + "']"));
    }

    private WebElement focused() {
        return browser.switchTo().activeElement();
    }

    private void choose(String id, String text) {
        new Select(element(id)).selectByVisibleText(text);
    }

    private String pixels() {
        return String.valueOf(browser.executeScript("return document.getElementById('viewer-map').toDataURL()"));
    }

    private static List<String> shownRows(WebElement table) {
        return table.findElements(By.cssSelector("tbody tr")).stream()
                .filter(WebElement::isDisplayed)
                .map(WebElement::getText)
                .toList();
    }
}

package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.chirplens.analysis.ActivationPatching;
import org.chirplens.analysis.Attribution;
import org.chirplens.analysis.CumulativeAblation;
import org.chirplens.analysis.DirectEffects;
import org.chirplens.analysis.GradientScreening;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.JointAblation;
import org.chirplens.analysis.PairInteraction;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.RegressionLens;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.Factor;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.AnalysisSettings;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.FigureStyle;
import org.chirplens.model.HeadMaskGradients;

/** Finds out what single-head ablation hides. Tables that are there already are kept: a stopped command goes on. */
public final class AttributeStage {
    /** What stands in a head's place unless another protocol is named. */
    public static final Protocol PROTOCOL = Protocol.MEAN_PER_POSITION;
    /** How many heads pairs are taken of unless another number is named. */
    public static final int PAIR_HEADS = 8;
    /** Random orders of heads. */
    public static final int RANDOM_ORDERS = 10;
    /** Pairs of images for each factor unless another number is named. */
    public static final int PAIRS = 64;

    /** What tells the images of a pair apart unless others are named, as far as figures have it. */
    public static final List<Factor> FACTORS =
            List.of(Factor.START_TIME, Factor.START_FREQUENCY, Factor.END_FREQUENCY, Factor.TITLE, Factor.COLOUR_BAR);

    private final OpenModel model;
    private final Selection images;
    private final RunFiles files;
    private final Options options;
    private final Console console;
    private final HeadAblation total;

    /**
     * How to go about it.
     *
     * @param protocol what a head is replaced by
     * @param settings of sweeps
     * @param pairHeads how many heads to take pairs of
     * @param randomOrders how many random orders of heads
     * @param factors of the counterfactual pairs
     * @param pairs images that get a counterfactual for each factor
     */
    public record Options(
            Protocol protocol,
            SweepSettings settings,
            int pairHeads,
            int randomOrders,
            List<Factor> factors,
            int pairs) {
        public Options {
            factors = List.copyOf(factors);
        }
    }

    private AttributeStage(
            OpenModel model, Selection images, RunFiles files, Options options, Console console, HeadAblation total) {
        this.model = model;
        this.images = images;
        this.files = files;
        this.options = options;
        this.console = console;
        this.total = total;
    }

    static void run(RunContext context) {
        AnalysisSettings analysis = context.config().analysis();
        if (analysis.attributions().isEmpty()) {
            return;
        }
        RunFiles files = context.files();
        try (OpenModel model = OpenModel.open(files.model(), context.session())) {
            Selection test = context.data().test(analysis.attributionImages(), context.readers());
            String data = context.data().identity();
            // Of its own: the run's ablation may be of other images.
            Path singles = files.attribution().resolve("ablation");
            SweepSettings settings = AblateStage.settings(
                    model,
                    analysis.batchSize(),
                    analysis.releasedBatch(),
                    context.config().seed());
            Options options = new Options(
                    PROTOCOL,
                    settings,
                    analysis.pairHeads(),
                    RANDOM_ORDERS,
                    factors(test, List.of()),
                    analysis.patchingPairs());
            AttributeStage stage = begin(model, test, data, files, singles, options, context.console());
            analysis.attributions().forEach(stage::run);
        }
    }

    /**
     * What tells the images of a pair apart: what is named, or start time, both frequencies, title and colour bar, as far as figures
     * that look as the images do have them.
     *
     * @param named none for the default
     * @throws IllegalArgumentException when a named factor cannot differ in such figures
     */
    public static List<Factor> factors(Selection images, List<Factor> named) {
        FigureStyle style = style(images.images());
        named.forEach(factor -> factor.requireEffect(Population.released(), style));
        return named.isEmpty()
                ? FACTORS.stream()
                        .filter(factor -> factor.hasEffect(Population.released(), style))
                        .toList()
                : named;
    }

    /** Of the figures that patching draws: as the images that are analysed, or the released one where these are no figures of chirps. */
    private static FigureStyle style(ImageSet images) {
        ChirpFigure figure = images.figure();
        return figure == null ? FigureStyle.released() : figure.style();
    }

    /** Whether the model predicts what patching, which draws chirps, changes in them. */
    public static boolean isPatchable(OpenModel model) {
        return Target.agree(model.scaling().targets(), Target.RELEASED);
    }

    /**
     * Insists on a model that patching can be done with.
     *
     * @throws IllegalArgumentException when it predicts other targets
     */
    public static void requirePatchable(OpenModel model) {
        if (!isPatchable(model)) {
            throw new IllegalArgumentException(model.directory() + ": patching draws chirps and needs a model of "
                    + Target.list(Target.RELEASED) + ", found one of "
                    + Target.list(model.scaling().targets()));
        }
    }

    /**
     * Ablates heads one at a time, unless that was done before, as all analyses are read beside it.
     *
     * @param data what the images are
     * @param singles directory of the tables of single heads
     * @throws IllegalArgumentException when tables that are there are of another model, of other images or options
     */
    public static AttributeStage begin(
            OpenModel model,
            Selection images,
            String data,
            RunFiles files,
            Path singles,
            Options options,
            Console console) {
        Path provenance = files.attribution().resolve("settings.json");
        ObjectNode settings = settings(model, images, data, options);
        boolean begun = Files.exists(provenance);
        if (begun) {
            JsonFiles.requireSame(provenance, settings, files.attribution());
        }
        HeadAblation total = Objects.requireNonNull(new AblateStage(model, images, data, singles, console)
                        .resumeOrSweep(List.of(options.protocol), options.settings)
                        .get(options.protocol))
                .get(0)
                .ablation();
        if (!begun) {
            JsonFiles.write(provenance, settings);
        }
        return new AttributeStage(model, images, files, options, console, total);
    }

    /** What the tables are of. */
    private static ObjectNode settings(OpenModel model, Selection images, String data, Options options) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("protocol", options.protocol.key());
        tree.put("images", images.size());
        tree.put("heads", options.pairHeads);
        tree.put("random_orders", options.randomOrders);
        tree.put(
                "factors",
                String.join(",", options.factors.stream().map(Factor::key).toList()));
        tree.put("pairs", options.pairs);
        tree.put("seed", options.settings.seed());
        tree.put("preprocessing", images.recipe().key());
        tree.put("data", data);
        tree.put("model", model.identity());
        return tree;
    }

    /** Runs an analysis and writes its table, unless that is there. */
    public void run(Attribution analysis) {
        if (Files.exists(AttributionFiles.table(files.attribution(), analysis))) {
            console.info(analysis.key() + ": done before");
            return;
        }
        AttributionFiles tables = new AttributionFiles(files.attribution(), model.scaling());
        switch (analysis) {
            case SCREENING -> tables.screening(screening(), total);
            case DIRECT ->
                tables.direct(total, shown(analysis, (settings, progress) -> new DirectEffects(
                                model.inference(), options.protocol, settings)
                        .run(images, progress)));
            case LENS ->
                tables.lens(shown(analysis, (settings, progress) -> new RegressionLens(model.inference())
                        .run(images, settings.variants() / numHeads(), progress)));
            case PAIRS ->
                tables.pairs(shown(
                        analysis,
                        (settings, progress) -> PairInteraction.measure(
                                joint(settings),
                                images,
                                total.heads(),
                                total.lossIncreasesPercent(),
                                options.pairHeads,
                                progress)));
            case CUMULATIVE ->
                tables.cumulative(shown(
                        analysis,
                        (settings, progress) -> CumulativeAblation.measure(
                                joint(settings),
                                images,
                                total.heads(),
                                total.lossIncreasesPercent(),
                                options.randomOrders,
                                options.settings.seed(),
                                progress)));
            case PATCHING -> tables.patching(shown(analysis, this::patching), numHeads());
        }
    }

    /** Shows how far an analysis is, which is told how many variants one execution may hold. */
    private <T> T shown(Attribution analysis, BiFunction<SweepSettings, ProgressListener, T> work) {
        try (ProgressLine line = console.progress(analysis.key(), "images")) {
            return Halving.until(
                    options.settings.variants(),
                    numHeads(),
                    "variants",
                    line,
                    variants -> work.apply(options.settings.withVariants(variants), line::update));
        }
    }

    private int numHeads() {
        return model.inference().config().vit().numHeads();
    }

    private JointAblation joint(SweepSettings settings) {
        return new JointAblation(model.inference(), options.protocol, settings);
    }

    private GradientScreening.Screening screening() {
        TrainedModel trained = ModelDirectory.read(model.directory());
        try (HeadMaskGradients gradients = new HeadMaskGradients(
                trained.config(), trained.weights(), model.inference().options())) {
            return shown(Attribution.SCREENING, (settings, progress) -> new GradientScreening(
                            model.inference(), gradients, options.protocol, settings)
                    .run(images, progress));
        }
    }

    /** Draws each image with one counterfactual for each factor. */
    private Map<Factor, ActivationPatching.Outcome> patching(SweepSettings settings, ProgressListener progress) {
        int group = 1 + options.factors.size();
        GeneratedChirps chirps = new GeneratedChirps(
                Population.released(),
                style(images.images()),
                options.factors,
                options.settings.seed(),
                0,
                options.pairs * group);
        Map<Factor, ActivationPatching.Outcome> outcomes = new EnumMap<>(Factor.class);
        long total = 2L * options.pairs * options.factors.size();
        for (int member = 1; member < group; member++) {
            long before = 2L * options.pairs * (member - 1);
            outcomes.put(
                    options.factors.get(member - 1),
                    new ActivationPatching(model.inference(), settings)
                            .run(
                                    drawn(chirps, 0),
                                    drawn(chirps, member),
                                    (done, of) -> progress.progress(before + done, total)));
        }
        return outcomes;
    }

    private Selection drawn(GeneratedChirps chirps, int member) {
        int[] indices = IntStream.range(0, options.pairs)
                .map(i -> i * chirps.groupSize() + member)
                .toArray();
        return new Selection(chirps, indices, images.recipe(), model.scaling(), images.threads());
    }
}

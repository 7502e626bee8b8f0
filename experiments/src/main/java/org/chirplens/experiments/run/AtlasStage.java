package org.chirplens.experiments.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.chirplens.analysis.AtlasEntry;
import org.chirplens.analysis.AtlasLabel;
import org.chirplens.analysis.AtlasPass;
import org.chirplens.analysis.AtlasSettings;
import org.chirplens.analysis.HeadAtlas;
import org.chirplens.analysis.RegionRemoval;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.Factor;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.AnalysisSettings;
import org.chirplens.figure.FigureRegion;
import org.chirplens.model.FloatArray;
import org.chirplens.model.HeadId;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.SessionOptions;
import org.chirplens.training.InitialWeights;
import org.jspecify.annotations.Nullable;

/** Finds out what each head looks at, and puts the labels to the test. */
public final class AtlasStage {
    /** Pairs of drawn images for each element of the figure that is taken away. */
    private static final int PAIRS = 64;

    private final OpenModel model;
    private final Selection images;
    private final AtlasSettings settings;
    private final int batchSize;
    private final SessionOptions session;
    private final Console console;

    public AtlasStage(
            OpenModel model,
            Selection images,
            AtlasSettings settings,
            int batchSize,
            SessionOptions session,
            Console console) {
        this.model = model;
        this.images = images;
        this.settings = settings;
        this.batchSize = model.batch(batchSize);
        this.session = session;
        this.console = console;
    }

    static void run(RunContext context) {
        AnalysisSettings.Atlas atlas = context.config().analysis().atlas();
        if (atlas.images() == 0 || AtlasFiles.isDone(context.files().atlas())) {
            return;
        }
        Selection test = context.data().test(atlas.images(), context.readers());
        if (test.images().figure() == null || test.size() < AtlasPass.LEAST_IMAGES) {
            context.console()
                    .info("no atlas: it needs " + AtlasPass.LEAST_IMAGES
                            + " test images or more that are figures of chirps");
            return;
        }
        String problem = regionsProblem(test);
        if (problem != null) {
            context.console().info("no atlas: " + problem);
            return;
        }
        try (OpenModel model = OpenModel.open(context.files().model(), context.session())) {
            new AtlasStage(
                            model,
                            test,
                            atlas.settings(context.config().seed()),
                            context.config().analysis().batchSize(),
                            context.session(),
                            context.console())
                    .write(context.files());
        }
    }

    /** Why the parts of some image cannot be told: images of a size that no figure has; null where all can. */
    private static @Nullable String regionsProblem(Selection images) {
        try {
            IntStream.of(images.indices()).parallel().forEach(images.images()::regions);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Makes the atlas and writes its tables. */
    public AtlasPass.Outcome write(RunFiles files) {
        AtlasPass.Outcome outcome = look();
        List<RegionRemoval.Outcome> removals = remove(outcome.atlas());
        AtlasFiles.write(files.atlas(), outcome, removals, settings, model.scaling());
        return outcome;
    }

    private AtlasPass.Outcome look() {
        ModelConfig bare = ModelConfig.backbone(model.inference().config().vit());
        Map<String, FloatArray> blank = InitialWeights.fromNothing(bare, InitialWeights.Spread.GLOROT, settings.seed());
        boolean adapted = model.inference().config().lora() != null;
        try (InferenceModel untrained = new InferenceModel(bare, blank, session);
                OpenModel before = adapted ? OpenModel.open(model.directory(), false, session) : null;
                ProgressLine line = console.progress("atlas", "images")) {
            AtlasPass pass =
                    new AtlasPass(model.inference(), untrained, before == null ? null : before.inference(), settings);
            return Halving.until(batchSize, 1, "images", line, size -> pass.run(images, size, line::update));
        }
    }

    private List<RegionRemoval.Outcome> remove(HeadAtlas atlas) {
        Map<Factor, Map<HeadId, FigureRegion>> tests = new EnumMap<>(Factor.class);
        for (AtlasEntry profile : atlas.heads()) {
            for (AtlasLabel label : profile.labels()) {
                FigureRegion part = label.isPlace() ? profile.mainPart(label) : null;
                Factor factor = part == null ? null : RegionRemoval.of(part);
                if (part != null && factor != null) {
                    tests.computeIfAbsent(factor, none -> new LinkedHashMap<>()).put(profile.head(), part);
                }
            }
        }
        if (tests.isEmpty()) {
            return List.of();
        }
        List<Factor> factors = List.copyOf(tests.keySet());
        GeneratedChirps chirps = new GeneratedChirps(
                Population.released(),
                Objects.requireNonNull(images.images().figure(), "an atlas is of figures")
                        .style(),
                factors,
                settings.seed(),
                0,
                PAIRS * (1 + factors.size()));
        RegionRemoval removal = new RegionRemoval(model.inference(), settings.reading());
        List<RegionRemoval.Outcome> outcomes = new ArrayList<>();
        try (ProgressLine line = console.progress("removal", "pairs")) {
            tests.forEach((factor, heads) -> {
                Selection without = member(chirps, 1 + outcomes.size());
                long before = (long) PAIRS * outcomes.size();
                long all = (long) PAIRS * factors.size();
                outcomes.add(Halving.until(
                        batchSize,
                        1,
                        "pairs",
                        line,
                        size -> removal.run(
                                factor,
                                heads,
                                member(chirps, 0),
                                without,
                                size,
                                (done, of) -> line.update(before + done, all))));
            });
        }
        return outcomes;
    }

    private Selection member(GeneratedChirps chirps, int member) {
        int[] indices = IntStream.range(0, PAIRS)
                .map(i -> i * chirps.groupSize() + member)
                .toArray();
        return new Selection(
                chirps, indices, images.recipe(), TargetScaling.identity(Target.RELEASED), images.threads());
    }
}

package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.chirplens.analysis.AtlasEntry;
import org.chirplens.analysis.AtlasLabel;
import org.chirplens.analysis.AtlasPass;
import org.chirplens.analysis.AtlasSettings;
import org.chirplens.analysis.HeadAtlas;
import org.chirplens.analysis.LabelImportance;
import org.chirplens.analysis.RegionRemoval;
import org.chirplens.analysis.Specialisation;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.figure.FigureRegion;
import org.chirplens.file.WholeFile;
import org.chirplens.model.HeadId;
import org.chirplens.report.AblationResults;
import org.chirplens.report.AtlasFigures;
import org.chirplens.report.HeadProfile;
import org.chirplens.statistics.Estimate;

/**
 * The head atlas on disk: {@code heads.csv} has a row per head, {@code labels.csv} one per head and label with the evidence,
 * {@code parts.csv} one per head and region, {@code removal.csv} one per head whose label was put to the test,
 * {@code removal_predictions.csv} what the tests did to predictions,
 * {@code importance.csv} the labels beside the ablations of the same run, and {@code summary.json} what it was made of. Intervals are BCa; cells are empty
 * where a number is not defined.
 */
public final class AtlasFiles {
    private static final String HEADS = "heads.csv";
    private static final String LABELS = "labels.csv";
    private static final String SEPARATOR = ";";

    private AtlasFiles() {}

    private static Path summary(Path directory) {
        return directory.resolve("summary.json");
    }

    /** What an atlas was made of and how many heads have which label. */
    public static JsonNode readSummary(Path directory) {
        return JsonFiles.read(summary(directory));
    }

    /** Whether a directory holds an atlas; its summary is written last. */
    static boolean isDone(Path directory) {
        return Files.exists(summary(directory));
    }

    /** @param removals of all factors that were tried */
    static void write(
            Path directory,
            AtlasPass.Outcome outcome,
            List<RegionRemoval.Outcome> removals,
            AtlasSettings settings,
            TargetScaling scaling) {
        heads(directory, outcome);
        labels(directory, outcome.atlas());
        parts(directory, outcome.atlas());
        removals(directory, removals);
        predictions(directory, removals, scaling);
        JsonFiles.write(summary(directory), summaryOf(outcome, settings));
    }

    private static void heads(Path directory, AtlasPass.Outcome outcome) {
        WholeFile.writeText(directory.resolve(HEADS), out -> {
            out.write("layer,head,labels,specialisation,main_parts,cls_share,self_share");
            for (String column : List.of(
                    "entropy", "distance_patches", "effective_regions", "chirp_auc", "chirp_overlap", "change")) {
                out.write("," + column + "," + column + "_low," + column + "_high");
            }
            out.write(",labels_first_half,labels_second_half,labels_before\n");
            for (AtlasEntry profile : outcome.atlas().heads()) {
                HeadAtlas before = outcome.before();
                out.write(place(profile.head()) + "," + labels(profile) + ","
                        + profile.specialisation().key() + "," + mainParts(profile) + ","
                        + EffectFiles.cell(profile.of(AtlasLabel.CLS).share().value()) + ","
                        + EffectFiles.cell(profile.of(AtlasLabel.SELF).share().value()) + ","
                        + EffectFiles.cells(profile.entropy()) + "," + EffectFiles.cells(profile.distance()) + ","
                        + EffectFiles.cells(profile.effectiveRegions()) + "," + EffectFiles.cells(profile.chirpAuc())
                        + ","
                        + EffectFiles.cells(profile.chirpOverlap()) + ","
                        + (before == null ? ",," : EffectFiles.cells(profile.change())) + ","
                        + labels(outcome.halves().get(0).of(profile.head())) + ","
                        + labels(outcome.halves().get(1).of(profile.head())) + ","
                        + (before == null ? "" : labels(before.of(profile.head()))) + "\n");
            }
        });
    }

    private static void labels(Path directory, HeadAtlas atlas) {
        WholeFile.writeText(directory.resolve(LABELS), out -> {
            out.write("layer,head,label,share,share_low,share_high,uniform,lift,lift_low,lift_high,"
                    + "null_positions,null_other_images,null_untrained,given\n");
            for (AtlasEntry profile : atlas.heads()) {
                for (AtlasEntry.Evidence evidence : profile.evidence()) {
                    out.write(place(profile.head()) + "," + evidence.label().key() + ","
                            + EffectFiles.cells(evidence.share()) + ","
                            + evidence.uniform() + "," + EffectFiles.cells(evidence.lift()) + ","
                            + EffectFiles.cell(evidence.positions()) + "," + evidence.otherImages() + ","
                            + EffectFiles.cell(evidence.untrained()) + ","
                            + profile.labels().contains(evidence.label()) + "\n");
                }
            }
        });
    }

    private static void parts(Path directory, HeadAtlas atlas) {
        WholeFile.writeText(directory.resolve("parts.csv"), out -> {
            out.write("layer,head,region,share,area\n");
            for (AtlasEntry profile : atlas.heads()) {
                for (FigureRegion region : FigureRegion.values()) {
                    out.write(place(profile.head()) + "," + region.key() + "," + profile.parts()[region.ordinal()] + ","
                            + atlas.areas()[region.ordinal()] + "\n");
                }
            }
        });
    }

    private static void removals(Path directory, List<RegionRemoval.Outcome> removals) {
        WholeFile.writeText(directory.resolve("removal.csv"), out -> {
            out.write("layer,head,region,factor,share_before,share_before_low,share_before_high,"
                    + "share_after,share_after_low,share_after_high,change,change_low,change_high,holds\n");
            for (RegionRemoval.Outcome outcome : removals) {
                for (RegionRemoval.OfHead head : outcome.heads()) {
                    out.write(place(head.head()) + "," + head.region().key() + ","
                            + head.factor().key() + "," + EffectFiles.cells(head.before()) + ","
                            + EffectFiles.cells(head.after()) + ","
                            + EffectFiles.cells(head.change()) + "," + head.holds() + "\n");
                }
            }
        });
    }

    private static void predictions(Path directory, List<RegionRemoval.Outcome> removals, TargetScaling scaling) {
        WholeFile.writeText(directory.resolve("removal_predictions.csv"), out -> {
            out.write("factor,target,unit,mean_absolute_shift,ci_low,ci_high\n");
            for (RegionRemoval.Outcome outcome : removals) {
                List<Estimate> shifts = outcome.model().shifts();
                for (int t = 0; t < shifts.size(); t++) {
                    Target target = scaling.targets().get(t);
                    out.write(outcome.model().factor().key() + "," + target.key() + ","
                            + CsvTable.cell(EffectFiles.unit(target)) + ","
                            + EffectFiles.cells(shifts.get(t).scaled(scaling.std()[t])) + "\n");
                }
            }
        });
    }

    private static ObjectNode summaryOf(AtlasPass.Outcome outcome, AtlasSettings settings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("images", outcome.atlas().images());
        json.put("reading", settings.reading().key());
        json.put("minimum_share", settings.minimumShare());
        json.put("minimum_lift", settings.minimumLift());
        json.put("diffuse_entropy", settings.diffuseEntropy());
        json.put("shuffles", settings.shuffles());
        json.put("seed", settings.seed());
        ObjectNode specialisations = json.putObject("specialisations");
        for (Specialisation one : Specialisation.values()) {
            specialisations.put(one.key(), outcome.atlas().count(one));
        }
        ObjectNode labels = json.putObject("labels");
        for (AtlasLabel label : AtlasLabel.values()) {
            labels.put(label.key(), outcome.atlas().with(label).size());
        }
        agreement(
                json.putObject("halves"),
                outcome.halves().get(0).agreement(outcome.halves().get(1)));
        if (outcome.before() != null) {
            agreement(json.putObject("before"), outcome.atlas().agreement(outcome.before()));
        }
        return json;
    }

    private static void agreement(ObjectNode json, HeadAtlas.Agreement agreement) {
        json.put("same_share", agreement.share());
        json.put("kappa", Double.isFinite(agreement.kappa()) ? agreement.kappa() : null);
        json.put("labelled", agreement.labelled());
        json.put("labelled_same", agreement.sameLabels());
    }

    /** The heads of an atlas as figures show them, heads of layer 0 first. */
    static List<AtlasFigures.Head> read(Path directory) {
        Map<HeadId, Map<AtlasLabel, Double>> shares = new LinkedHashMap<>();
        CsvTable.read(directory.resolve(LABELS), row -> shares.computeIfAbsent(
                        head(row), none -> new EnumMap<>(AtlasLabel.class))
                .put(AtlasLabel.of(row.text("label")), row.numberIfAny("share")));
        List<AtlasFigures.Head> heads = new ArrayList<>();
        CsvTable.read(
                directory.resolve(HEADS),
                row -> heads.add(new AtlasFigures.Head(
                        head(row),
                        labels(row.text("labels")),
                        row.isEmpty("main_parts")
                                ? List.of()
                                : List.of(
                                        row.text("main_parts").replace('_', ' ').split(SEPARATOR)),
                        Specialisation.of(row.text("specialisation")),
                        shares.getOrDefault(head(row), Map.of()),
                        row.numberIfAny("change"))));
        return heads;
    }

    /** The same heads as the report's panels show them. */
    static List<HeadProfile> profiles(Path directory) {
        Map<HeadId, List<HeadProfile.Part>> parts = new LinkedHashMap<>();
        CsvTable.read(directory.resolve(LABELS), row -> {
            AtlasLabel label = AtlasLabel.of(row.text("label"));
            if (!row.isEmpty("share")) {
                parts.computeIfAbsent(head(row), none -> new ArrayList<>())
                        .add(new HeadProfile.Part(
                                label.title(),
                                row.number("share"),
                                row.numberIfAny("share_low"),
                                row.numberIfAny("share_high"),
                                row.number("uniform")));
            }
        });
        return read(directory).stream()
                .map(head -> new HeadProfile(
                        head.id(),
                        head.labels().isEmpty() ? head.specialisation().key() : String.join(", ", head.words()),
                        head.colour(),
                        parts.getOrDefault(head.id(), List.of())))
                .toList();
    }

    /** Ablations with whether the heads of a label are the ones that matter; as they are where the model was another one. */
    static List<AblationResults> withLabels(Path directory, List<AblationResults> ablations) {
        List<AtlasFigures.Head> heads = read(directory);
        return ablations.stream().map(results -> withLabels(heads, results)).toList();
    }

    private static AblationResults withLabels(List<AtlasFigures.Head> heads, AblationResults results) {
        if (heads.size() != results.pooled().size()) {
            return results;
        }
        return results.with(LabelImportance.of(
                results.ablation(),
                heads.stream().map(AtlasFigures.Head::labels).toList(),
                heads.stream().map(AtlasFigures.Head::shares).toList(),
                results.pooled().stream().map(AblationResults.Effect::verdict).toList()));
    }

    /** Writes the same as {@code importance.csv}. */
    static void writeImportance(Path directory, List<AblationResults> ablations) {
        WholeFile.writeText(directory.resolve("importance.csv"), out -> {
            out.write("protocol,label,heads,heads_that_matter,loss_increase_percent,ci_low_percent,ci_high_percent,"
                    + "above_others_percent,above_others_low,above_others_high,rank_correlation\n");
            for (AblationResults results : ablations) {
                for (LabelImportance one : results.byLabel()) {
                    out.write(results.ablation().protocol() + "," + one.label().key() + "," + one.heads() + ","
                            + one.matter() + "," + EffectFiles.cells(one.increasePercent()) + ","
                            + EffectFiles.cells(one.aboveOthers()) + ","
                            + EffectFiles.cell(one.rankCorrelation()) + "\n");
                }
            }
        });
    }

    private static HeadId head(CsvTable row) {
        return new HeadId((int) row.number("layer"), (int) row.number("head"));
    }

    private static List<AtlasLabel> labels(String cell) {
        return cell.isEmpty()
                ? List.of()
                : Arrays.stream(cell.split(SEPARATOR)).map(AtlasLabel::of).toList();
    }

    private static String place(HeadId head) {
        return head.layer() + "," + head.head();
    }

    private static String labels(AtlasEntry profile) {
        return profile.labels().stream().map(AtlasLabel::key).collect(Collectors.joining(SEPARATOR));
    }

    private static String mainParts(AtlasEntry profile) {
        List<String> parts = new ArrayList<>();
        for (AtlasLabel label : profile.labels()) {
            parts.add(label.isPlace() ? profile.mainPart(label).key() : label.key());
        }
        return String.join(SEPARATOR, parts);
    }
}

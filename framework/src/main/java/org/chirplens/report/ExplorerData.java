package org.chirplens.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.analysis.AttentionMaps;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Interval;

/**
 * What the head explorer shows, as JSON. Colours and texts are made here, as those of figures and tables are, so that the
 * page's scripts neither map values to colours nor format what the tables have, too. Heads stand in the order of
 * {@link HeadAblation#heads()}.
 */
final class ExplorerData {
    /** Colours of a bar, and about how many of its values have labels. */
    private static final int RAMP = 24;

    private static final int TICKS = 5;

    private final ReportData data;
    private final int layers;
    private final int heads;

    private ExplorerData(ReportData data) {
        this.data = data;
        if (data.ablations().isEmpty()) {
            AttentionMaps first = data.attention().readings().get(0).maps().get(0);
            this.layers = first.maps().length;
            this.heads = first.maps()[0].length;
        } else {
            this.layers = data.ablations().get(0).ablation().numLayers();
            this.heads = data.ablations().get(0).ablation().numHeads();
        }
    }

    /** Whether there is anything to explore. */
    static boolean exists(ReportData data) {
        return !data.ablations().isEmpty() || !data.attention().isEmpty();
    }

    /** Everything but the attention maps. */
    static ObjectNode of(ReportData data) {
        return new ExplorerData(data).tree();
    }

    private ObjectNode tree() {
        ObjectNode tree = object();
        tree.put("layers", layers).put("heads", heads);
        ArrayNode targets = tree.putArray("targets");
        targets.add("all targets");
        if (data.ablations().stream().noneMatch(results -> results.byTarget().isEmpty())) {
            data.targets().forEach(target -> targets.add(target.title()));
        }
        ArrayNode protocols = tree.putArray("protocols");
        data.ablations().forEach(results -> protocols.add(protocol(results)));
        if (!data.profiles().isEmpty()) {
            profiles(tree);
        }
        return tree;
    }

    private static ObjectNode protocol(AblationResults results) {
        HeadAblation ablation = results.ablation();
        ObjectNode tree = object();
        tree.put("name", ablation.protocol())
                .put("images", ReportWords.count(ablation.labels().length))
                .put("cumulative", ablation.isCumulative());
        tree.put("most", ablation.heads().indexOf(HeadRanking.of(ablation).get(0)));
        ArrayNode targets = tree.putArray("targets");
        double[] losses =
                ablation.heads().stream().mapToDouble(ablation::ablatedLoss).toArray();
        targets.add(effects(results.pooled(), losses, ablation.baselineLoss()));
        for (int t = 0; t < results.byTarget().size(); t++) {
            int target = t;
            double[] ofTarget = ablation.heads().stream()
                    .mapToDouble(id -> ablation.ablatedLoss(id, target))
                    .toArray();
            targets.add(effects(results.byTarget().get(t), ofTarget, ablation.baselineLoss(t)));
        }
        return tree;
    }

    private static ObjectNode effects(List<AblationResults.Effect> effects, double[] losses, double baseline) {
        ObjectNode tree = object();
        ObjectNode views = tree.putObject("views");
        double[] percents = effects.stream()
                .mapToDouble(AblationResults.Effect::increasePercent)
                .toArray();
        views.set("increase", view(GridColours.increase(percents)));
        views.set("loss", view(GridColours.loss(losses, baseline)));
        views.set("p", view(GridColours.pAdjusted(effects)));
        views.set("verdict", view(GridColours.verdicts(effects)));
        ArrayNode heads = tree.putArray("heads");
        for (int i = 0; i < losses.length; i++) {
            heads.add(head(effects.get(i), losses[i]));
        }
        return tree;
    }

    private static ObjectNode head(AblationResults.Effect effect, double loss) {
        ObjectNode head = object();
        head.put("increase", NumberText.signedPercent(effect.increasePercent()))
                .put("interval", NumberText.percentInterval(effect.interval()))
                .put("loss", NumberText.significant(loss, 4))
                .put("p", NumberText.pValue(effect.pAdjusted()))
                .put("verdict", effect.verdict().key());
        number(head, "value", effect.increasePercent());
        number(head, "low", effect.interval().low());
        number(head, "high", effect.interval().high());
        return head;
    }

    /** A label and parts for each head, and the grid of labels. */
    private void profiles(ObjectNode tree) {
        Map<HeadId, HeadProfile> byHead = new HashMap<>();
        data.profiles().forEach(profile -> byHead.put(profile.head(), profile));
        ArrayNode all = tree.putArray("profiles");
        List<HeadProfile> shown = new ArrayList<>();
        for (int i = 0; i < layers * heads; i++) {
            HeadId head = new HeadId(i / heads, i % heads);
            HeadProfile profile = byHead.get(head);
            shown.add(profile == null ? new HeadProfile(head, NumberText.NONE, Palette.WHITE, List.of()) : profile);
            if (profile == null) {
                all.addNull();
            } else {
                all.add(profile(profile));
            }
        }
        tree.set("labels", view(GridColours.labels(shown)));
    }

    private static ObjectNode profile(HeadProfile profile) {
        ObjectNode tree = object();
        tree.put("label", profile.label());
        ArrayNode parts = tree.putArray("parts");
        for (HeadProfile.Part part : profile.parts()) {
            ObjectNode one = parts.addObject();
            Interval interval = new Interval(100 * part.low(), 100 * part.high());
            one.put("region", part.region())
                    .put("text", NumberText.percentNumber(100 * part.share()) + " %")
                    .put("interval", NumberText.percentInterval(interval))
                    .put("areaText", NumberText.percentNumber(100 * part.areaShare()) + " %");
            number(one, "value", part.share());
            number(one, "low", part.low());
            number(one, "high", part.high());
            number(one, "area", part.areaShare());
        }
        return tree;
    }

    private static ObjectNode view(GridColours grid) {
        ObjectNode tree = object();
        ArrayNode texts = tree.putArray("texts");
        grid.texts().forEach(texts::add);
        ArrayNode colours = tree.putArray("colours");
        StringBuilder inks = new StringBuilder();
        for (int colour : grid.colours()) {
            colours.add(SvgFile.colour(colour));
            inks.append(Palette.readableOn(colour) == Palette.WHITE ? 'w' : 'b');
        }
        tree.put("inks", inks.toString());
        tree.set("legend", legend(grid.legend()));
        return tree;
    }

    private static ObjectNode legend(GridColours.Legend legend) {
        ObjectNode tree = object();
        tree.put("title", legend.title());
        if (legend.classes().isEmpty()) {
            ArrayNode ramp = tree.putArray("ramp");
            for (int i = 0; i <= RAMP; i++) {
                ramp.add(SvgFile.colour(legend.map().at((double) i / RAMP)));
            }
            ArrayNode ticks = tree.putArray("ticks");
            for (Scale.Tick tick : legend.map().ticks(TICKS)) {
                ticks.addObject().put("at", legend.map().place(tick.value())).put("text", tick.label());
            }
        } else {
            ArrayNode classes = tree.putArray("classes");
            legend.classes().forEach(one -> classes.addObject()
                    .put("colour", SvgFile.colour(one.colour()))
                    .put("text", one.text()));
        }
        return tree;
    }

    private static void number(ObjectNode tree, String name, double value) {
        if (Double.isFinite(value)) {
            tree.put(name, value);
        } else {
            tree.putNull(name);
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}

package org.chirplens.model;

/** The linear layers of an encoder block, each of which may have an adapter, in the order of the forward pass. */
public enum LoraTarget {
    QUERY("query"),
    KEY("key"),
    VALUE("value"),
    /** The attention's output projection. */
    ATTENTION_OUTPUT("attention.output.dense"),
    /** The first layer of the MLP. */
    INTERMEDIATE("intermediate.dense"),
    /** The second layer of the MLP. */
    MLP_OUTPUT("output.dense");

    private final String moduleEnding;

    LoraTarget(String moduleEnding) {
        this.moduleEnding = moduleEnding;
    }

    /**
     * What the layer's name ends in, which is how PEFT's {@code target_modules} ask for it. {@code output.dense} alone
     * is the ending of two layers: to PEFT it means {@link #ATTENTION_OUTPUT} as well.
     */
    public String moduleEnding() {
        return moduleEnding;
    }

    /** The layer's name in a block, see {@link Parameters#linearModules}. */
    public String module(int layer) {
        return switch (this) {
            case QUERY, KEY, VALUE -> Parameters.projection(layer, moduleEnding);
            case ATTENTION_OUTPUT -> Parameters.attentionOutput(layer);
            case INTERMEDIATE -> Parameters.intermediate(layer);
            case MLP_OUTPUT -> Parameters.mlpOutput(layer);
        };
    }
}

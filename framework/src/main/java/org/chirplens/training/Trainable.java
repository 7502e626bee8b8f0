package org.chirplens.training;

import org.chirplens.model.Parameters;

/** Which parameters a run trains. */
public enum Trainable {
    /** The LoRA adapters and the regression head; the backbone keeps every bit. */
    LORA("lora"),
    /** Every parameter, as a small backbone from nothing needs. */
    ALL("all"),
    /** Every parameter of a model without adapters. */
    BACKBONE("backbone");

    private final String key;

    Trainable(String key) {
        this.key = key;
    }

    /** The name in config files. */
    public String key() {
        return key;
    }

    /** Whether the parameter of this name is trained. */
    public boolean trains(String parameter) {
        return this != LORA || Parameters.isLora(parameter) || Parameters.isRegressionHead(parameter);
    }
}

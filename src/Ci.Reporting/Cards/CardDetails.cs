namespace Ci.Reporting;

/// <summary>
/// <c>card.yaml</c> (<c>mlops.card/v1</c>): what only people can say of a model. Each part is a list of paragraphs; an empty one
/// was not said, and the card says just that.
/// </summary>
public sealed record CardDetails
{
    public const string CurrentSchema = "mlops.card/v1";

    /// <summary>A file in which nobody said anything.</summary>
    public static readonly CardDetails None = new();

    /// <summary>The card's title; the model's name where it is absent.</summary>
    public string? Title { get; init; }

    /// <summary>The language of what people wrote here, as in BCP 47: "en", "el", "zh-Hans".</summary>
    public string Language { get; init; } = "en";

    /// <summary>An SPDX identifier or the Hub's word for it.</summary>
    public string? License { get; init; }

    /// <summary>Who answers for the model.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    public IReadOnlyList<string> IntendedUse { get; init; } = [];

    public IReadOnlyList<string> OutOfScope { get; init; } = [];

    /// <summary>Where the data come from, and what is known of them that digests do not say.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    public IReadOnlyList<string> Fairness { get; init; } = [];

    public IReadOnlyList<string> Limits { get; init; } = [];

    public IReadOnlyList<string> EthicalConsiderations { get; init; } = [];

    public HubDetails Hub { get; init; } = new();
}

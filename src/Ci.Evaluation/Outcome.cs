using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ci.Evaluation;

/// <summary>What a gate, or all of them together, says: "pass", "regress" or "inconclusive" in documents.</summary>
[JsonConverter(typeof(OutcomeConverter))]
public enum Outcome
{
    /// <summary>The evidence shows that the rule holds.</summary>
    Pass,

    /// <summary>The evidence shows that the rule is broken.</summary>
    Regress,

    /// <summary>The evidence suffices for neither.</summary>
    Inconclusive,
}

/// <summary>Outcomes by their words, never by number.</summary>
public sealed class OutcomeConverter() : JsonStringEnumConverter<Outcome>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

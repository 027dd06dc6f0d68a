using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ci.Evaluation;

/// <summary>What a check of data says: "pass", "fail" or "inconclusive" in documents.</summary>
[JsonConverter(typeof(CheckOutcomeConverter))]
public enum CheckOutcome
{
    /// <summary>Nothing asked for is broken, and there were rows enough to tell.</summary>
    Pass,

    /// <summary>A rule is broken, or a column has drifted.</summary>
    Fail,

    /// <summary>There are too few rows to tell whether a column has drifted.</summary>
    Inconclusive,
}

/// <summary>Outcomes by their words, never by number.</summary>
public sealed class CheckOutcomeConverter() : JsonStringEnumConverter<CheckOutcome>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

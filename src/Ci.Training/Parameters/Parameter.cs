namespace Ci.Training.Parameters;

/// <summary>One parameter: name, default, range and meaning in one place; the error messages and <c>mlops train --help</c> are made of these.</summary>
public abstract record Parameter(string Name, string Doc)
{
    /// <summary>What may stand there, and what does when nothing is written: "0 to 1, default 0.1".</summary>
    public abstract string Range { get; }
}

/// <summary>A number within inclusive bounds.</summary>
/// <remarks><c>Whole</c>: Only whole numbers.</remarks>
public sealed record NumberParameter(string Name, double Default, double Min, double Max, string Doc, bool Whole = false) : Parameter(Name, Doc)
{
    public override string Range =>
        $"{(this.Whole ? "a whole number" : "a number")} from {Short(this.Min)} to {Short(this.Max)}, default {Short(this.Default)}";

    private static string Short(double value) => value.ToString("0.############", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One word out of a few.</summary>
public sealed record ChoiceParameter(string Name, string Default, IReadOnlyList<string> Choices, string Doc) : Parameter(Name, Doc)
{
    public override string Range => $"{string.Join(" | ", this.Choices)}, default {this.Default}";
}

using System.Globalization;

namespace Ci.Pipelines.Experiments;

/// <summary>The values that a search may give to a parameter.</summary>
public abstract record ParameterRange
{
    /// <summary>The value at a place from 0 (included) to 1 (excluded): the inverse of the distribution, so that even places give its own density.</summary>
    public abstract object? At(double place);

    // Six digits are more than a search can use, and people read the file.
    private protected static double Rounded(double value) => double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

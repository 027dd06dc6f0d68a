using System.CommandLine;
using Ci.Jobs;

namespace Ci.Cli;

/// <summary>
/// CML's environment variables as aliases of a verb's options: <c>--watermark-title</c> of <c>comment</c> is also
/// <c>CML_COMMENT_WATERMARK_TITLE</c>. What the command line says wins.
/// </summary>
/// <param name="context">The environment.</param>
/// <param name="parsed">The command line.</param>
/// <param name="prefixes">CML's prefixes for the verb, without the underscore at their end: today's, then its old one.</param>
internal sealed class CmlVariables(CliContext context, ParseResult parsed, params string[] prefixes)
{
    /// <summary>An option's value; null where neither the command line nor the environment gives one, and it has no default.</summary>
    public string? Text(Option<string> option) => IsGiven(parsed, option) ? parsed.GetValue(option) : this.Variable(option)?.Value ?? parsed.GetValue(option);

    /// <inheritdoc cref="Text"/>
    public bool Flag(Option<bool> option)
    {
        if (IsGiven(parsed, option) || this.Variable(option) is not { } found)
            return parsed.GetValue(option);
        return found.Value.ToLowerInvariant() switch
        {
            "true" or "1" or "yes" => true,
            "false" or "0" or "no" => false,
            _ => throw new CliException($"{found.Name} should be true or false and is '{LogText.Line(found.Value, 40)}'", ExitCode.Usage),
        };
    }

    /// <summary>A variable of the verb by the end of its name, e.g. <c>TOKEN</c>.</summary>
    public string? Named(string end)
    {
        foreach (var prefix in prefixes)
        {
            if (context.Variable($"{prefix}_{end}") is { } value)
                return value;
        }

        return null;
    }

    /// <summary>Whether the command line itself gives an option.</summary>
    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private (string Name, string Value)? Variable(Option option)
    {
        foreach (var prefix in prefixes)
        {
            if (this.Variable(prefix, option.Name) is { } found)
                return found;
            foreach (var alias in option.Aliases)
            {
                if (this.Variable(prefix, alias) is { } other)
                    return other;
            }
        }

        return null;
    }

    private (string Name, string Value)? Variable(string prefix, string option)
    {
        if (!option.StartsWith("--", StringComparison.Ordinal))
            return null;
        var name = $"{prefix}_{option[2..].Replace('-', '_').ToUpperInvariant()}";
        return context.Variable(name) is { } value ? (name, value) : null;
    }
}

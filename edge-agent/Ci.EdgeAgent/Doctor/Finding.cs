namespace Ci.EdgeAgent.Doctor;

/// <summary>One line of the doctor's.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Health">How it is.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Fix">How to mend it; null where nothing needs mending.</param>
internal sealed record Finding(string Check, Health Health, string Message, string? Fix = null)
{
    public static Finding Ok(string check, string message) => new(check, Health.Ok, message);

    public static Finding Warn(string check, string message, string fix) => new(check, Health.Warn, message, fix);

    public static Finding Fail(string check, string message, string fix) => new(check, Health.Fail, message, fix);
}

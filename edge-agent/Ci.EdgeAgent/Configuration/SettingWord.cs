namespace Ci.EdgeAgent.Configuration;

/// <summary>A setting in words.</summary>
/// <param name="Path">As in <see cref="Setting.Path"/>.</param>
/// <param name="Default">What holds where nothing is given, for texts and lists; null where there is none. Numbers know their own.</param>
/// <param name="Words">What it is for.</param>
internal sealed record SettingWord(string Path, string? Default, string Words);

namespace Ci.EdgeAgent.States;

/// <summary>
/// How far one candidate has come on this device, so that a restart goes on where it was, and one that takes the process down with it is not
/// tried for ever.
/// </summary>
/// <param name="Release">The candidate's release id.</param>
/// <param name="Attempts">How often it was about to be loaded without a word of how that ended.</param>
/// <param name="ShadowPassed">Shadow is behind it.</param>
/// <param name="Step">The canary's step that it was about to begin; 0 is the first.</param>
/// <param name="Evidence">What the canary's tests knew when that step began, by their names; null before the first.</param>
internal sealed record RolloutProgress(string Release, int Attempts, bool ShadowPassed, int Step, IReadOnlyDictionary<string, IReadOnlyList<double>>? Evidence);

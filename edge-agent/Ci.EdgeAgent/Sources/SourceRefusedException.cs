using Ci.Releases;

namespace Ci.EdgeAgent.Sources;

/// <summary>
/// A source answered with something that may not be believed. It says nothing about any release, and the very same source may be right again
/// in a minute (somebody was writing it; the clock was set), so nothing is quarantined: the device goes on asking, and tells the code.
/// </summary>
internal sealed class SourceRefusedException(RefusalCode code, string message, Exception? inner = null) : SourceUnavailableException($"{code.Wire()}: {message}", inner);

using System.Text.Json;

namespace Ci.EdgeAgent.Serving;

/// <summary>Reads the reader's current token as one element; false where it is none, or out of the type's range.</summary>
internal delegate bool ElementReader<T>(ref Utf8JsonReader reader, out T value);

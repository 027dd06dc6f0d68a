using System.Text;
using System.Text.Json.Nodes;

namespace Ci.Testing;

/// <summary>
/// Documents from outside, damaged one place at a time: every property removed in turn, every property null, every list with a null
/// item, every value of another kind. Reading one either succeeds or throws the room's own exception; nothing else may come out.
/// </summary>
public static class DocumentDamage
{
    /// <summary>Reads every damaged copy.</summary>
    /// <typeparam name="TRefusal">The room's own exception family.</typeparam>
    /// <param name="document">A whole document, with everything that it may hold.</param>
    /// <param name="read">Reads it and uses what was read as the product does.</param>
    /// <param name="seal">Makes a damaged copy consistent again where the document names its own digest.</param>
    /// <exception cref="ConformanceException">Some copies made something else come out, or none was refused; the message lists them.</exception>
    public static void Check<TRefusal>(ReadOnlySpan<byte> document, Action<byte[]> read, Action<JsonObject>? seal = null)
        where TRefusal : Exception
    {
        var root = (JsonObject)JsonNode.Parse(document)!;
        var found = new List<string>();
        var (copies, refused) = (0, 0);
        read(Bytes(root, seal));
        foreach (var (place, damaged) in Copies(root))
        {
            copies++;
            try
            {
                read(Bytes(damaged, seal));
            }
            catch (TRefusal refusal) when (refusal.Message.Length > 0)
            {
                refused++;
            }
#pragma warning disable CA1031 // Whatever else comes out is what this looks for.
            catch (Exception error)
#pragma warning restore CA1031
            {
                found.Add($"{place}: {error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n')[0].Trim()}");
            }
        }

        if (found.Count > 0 || refused == 0)
            throw new ConformanceException($"{found.Count} of {copies} damaged documents ended in something else than {typeof(TRefusal).Name} ({refused} did):\n{string.Join('\n', found)}");
    }

    private static IEnumerable<(string Place, JsonObject Damaged)> Copies(JsonObject root)
    {
        foreach (var (place, steps) in Places(root, "", []))
        {
            var (parent, last) = (steps[..^1], steps[^1]);
            if (last is string name)
            {
                yield return ($"without {place}", Changed(root, parent, node => ((JsonObject)node).Remove(name)));
                yield return ($"{place} null", Changed(root, parent, node => node[name] = null));
                yield return ($"{place} of another kind", Changed(root, parent, node => node[name] = Other(node[name])));
            }
            else if (last is int index)
            {
                yield return ($"{place} null", Changed(root, parent, node => node[index] = null));
            }
        }
    }

    private static JsonNode Other(JsonNode? value) => value is JsonObject or JsonArray ? JsonValue.Create(7) : new JsonArray(new JsonObject());

    private static JsonObject Changed(JsonObject root, object[] steps, Action<JsonNode> change)
    {
        var copy = (JsonObject)root.DeepClone();
        change(steps.Aggregate((JsonNode)copy, (node, step) => step is string name ? node[name]! : node[(int)step]!));
        return copy;
    }

    // Of a list only the first item's inside is looked at: its items are alike, and the number of copies stays bounded.
    private static IEnumerable<(string Place, object[] Steps)> Places(JsonNode? node, string place, object[] steps)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map)
            {
                yield return ($"{place}.{name}", [.. steps, name]);
                foreach (var inner in Places(value, $"{place}.{name}", [.. steps, name]))
                    yield return inner;
            }
        }
        else if (node is JsonArray { Count: > 0 } list)
        {
            yield return ($"{place}[0]", [.. steps, 0]);
            foreach (var inner in Places(list[0], $"{place}[0]", [.. steps, 0]))
                yield return inner;
        }
    }

    private static byte[] Bytes(JsonObject document, Action<JsonObject>? seal)
    {
        var copy = (JsonObject)document.DeepClone();
        seal?.Invoke(copy);
        return Encoding.UTF8.GetBytes(copy.ToJsonString());
    }
}

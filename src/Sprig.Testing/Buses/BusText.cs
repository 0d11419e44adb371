namespace Sprig.Testing.Buses;

/// <summary>Bytes as people read them in a logic analyzer.</summary>
internal static class BusText
{
    internal static string Bytes(string before, IReadOnlyList<byte> bytes)
        => bytes.Count == 0 ? "" : before + string.Join(' ', bytes.Select(one => one.ToString("X2", null)));
}

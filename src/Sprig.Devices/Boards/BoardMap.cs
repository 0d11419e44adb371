using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sprig.Devices.Boards;

/// <summary>What is known of a kind of board: its headers, what each pin is, by what it is recognised. Facts only; a
/// <see cref="Board"/> opens lines. The known ones come with this package (hardware/boards, each with its sources).</summary>
/// <remarks>Does not change once it is read: any thread.</remarks>
public sealed partial class BoardMap
{
    // The first is a link to the second; a service that sees the processes of /proc alone (ProcSubset=pid) has the second alone.
    private static readonly string[] s_compatiblePaths = ["proc/device-tree/compatible", "sys/firmware/devicetree/base/compatible"];
    private static readonly Lazy<IReadOnlyList<BoardMap>> s_known = new(ReadKnown);

    /// <summary>For the reader of files.</summary>
    [JsonConstructor]
    internal BoardMap()
    {
    }

    /// <summary>The boards that come with this package, by name.</summary>
    public static IReadOnlyList<BoardMap> Known => s_known.Value;

    /// <summary>As raspberry-pi-5.</summary>
    public required string Id { get; init; }

    /// <summary>As Raspberry Pi 5.</summary>
    public required string Name { get; init; }

    /// <summary>The board's strings in the device tree: one of them is this machine's when it is such a board.</summary>
    public required IReadOnlyList<string> Compatible { get; init; }

    /// <summary>The chips behind its headers.</summary>
    public required IReadOnlyList<BoardChip> Chips { get; init; }

    /// <summary>The buses that take pins.</summary>
    public IReadOnlyList<BoardBus> Buses { get => field ?? []; init; }

    /// <summary>Its headers.</summary>
    public required IReadOnlyList<BoardHeader> Headers { get; init; }

    /// <summary>Where the facts are from.</summary>
    public required IReadOnlyList<BoardSource> Sources { get; init; }

    /// <summary>What a user should know.</summary>
    public IReadOnlyList<string> Notes { get => field ?? []; init; }

    /// <summary>Reads a board's file; hardware/boards/board.schema.json says what stands in one.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no board's file; the message says what is wrong, and where.</exception>
    public static BoardMap Load(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        using FileStream stream = File.OpenRead(file);
        return Read(stream, file);
    }

    /// <summary>The known board that this machine is; null when it is none of them.</summary>
    /// <param name="systemRoot">Where /proc and /sys are; another for tests.</param>
    public static BoardMap? OfThisMachine(string systemRoot = "/")
    {
        string[] compatible = CompatibleOf(systemRoot);
        return Known.FirstOrDefault(map => map.Compatible.Any(compatible.Contains));
    }

    /// <summary>The machine's strings in its device tree; none where it has no device tree.</summary>
    internal static string[] CompatibleOf(string systemRoot)
    {
        string? path = s_compatiblePaths.Select(path => Path.Combine(systemRoot, path)).FirstOrDefault(File.Exists);
        return path is null ? [] : Encoding.UTF8.GetString(File.ReadAllBytes(path)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private static BoardMap Read(Stream stream, string name)
    {
        try
        {
            BoardMap? map = JsonSerializer.Deserialize(stream, BoardContext.Default.BoardMap);
            return map is null ? throw new InvalidDataException($"{name} is no board's file: it is empty.") : map.Checked(name);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name} is no board's file: {e.Message}", e);
        }
    }

    private static List<BoardMap> ReadKnown()
    {
        Assembly assembly = typeof(BoardMap).Assembly;
        List<BoardMap> maps = [];
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Boards/", StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            maps.Add(Read(stream, resource));
        }

        maps.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return maps;
    }
}

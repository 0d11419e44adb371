using System.Text.Json;
using Sprig.IO.Ports;

namespace Sprig.Cli.Serial;

/// <summary><c>sprig serial list</c>: the serial devices of this machine.</summary>
internal static class SerialList
{
    /// <summary>One block a device, or all as JSON.</summary>
    internal static void Show(TextWriter output, bool json) => Show(output, SerialDevices.GetAll(), json);

    /// <inheritdoc cref="Show(TextWriter, bool)"/>
    internal static void Show(TextWriter output, IReadOnlyList<SerialDevice> devices, bool json)
    {
        SerialRow[] rows = [.. devices.Select(SerialRow.Of)];
        if (json)
            output.WriteLine(JsonSerializer.Serialize(rows, SerialRowContext.Default.SerialRowArray));
        else if (rows.Length == 0)
            output.WriteLine("this machine has no serial device; the port 'sim' is a simulated one");
        foreach (SerialRow row in json ? [] : rows)
            output.WriteLine(row.ToText());
    }
}

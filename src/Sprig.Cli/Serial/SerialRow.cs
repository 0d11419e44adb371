using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Sprig.IO;
using Sprig.IO.Ports;

namespace Sprig.Cli.Serial;

/// <summary>A device as it is shown.</summary>
/// <param name="Name">The one that stays.</param>
/// <param name="Path">The one that it has now.</param>
/// <param name="Driver">Of the kernel.</param>
/// <param name="Ids">Vendor and product on USB, as 0403:6001.</param>
/// <param name="Product">Who made what.</param>
/// <param name="SerialNumber">Where it has one.</param>
/// <param name="Console">Whether the kernel's console has it.</param>
/// <param name="InUseBy">Who has it open.</param>
internal sealed record SerialRow(string Name, string Path, string? Driver, string? Ids, string? Product, string? SerialNumber, bool Console, SerialUser? InUseBy)
{
    internal static SerialRow Of(SerialDevice device)
    {
        DeviceHolder? holder = device.FindHolder();
        string product = string.Join(' ', new[] { device.Manufacturer, device.Product }.Where(text => !string.IsNullOrEmpty(text)));
        string? ids = device.UsbVendorId is { } vendor && device.UsbProductId is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"{vendor:x4}:{number:x4}")
            : null;
        return new SerialRow(
            device.StableName, device.Path, device.Driver, ids, product.Length > 0 ? product : null, device.SerialNumber, device.IsConsole,
            holder is null ? null : new SerialUser(holder.ProcessId, holder.Name));
    }

    /// <summary>The name that stays, and the rest below it.</summary>
    internal string ToText()
    {
        string?[] about =
        [
            Path == Name ? null : Path,
            Driver,
            Ids,
            Product,
            SerialNumber is null ? null : $"serial number {SerialNumber}",
            Console ? "the kernel's console" : null,
            InUseBy is null ? "free" : $"in use by {InUseBy.Name} (process {InUseBy.Process})",
        ];
        // What a device says of itself is no more to be trusted than what it sends.
        return $"{Name}\n    {string.Join(", ", about.Where(text => text is not null).Select(text => VisibleText.Of(Encoding.UTF8.GetBytes(text!))))}";
    }
}

/// <summary>A process that has a device open.</summary>
internal sealed record SerialUser(int Process, string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(SerialRow[]))]
internal sealed partial class SerialRowContext : JsonSerializerContext;

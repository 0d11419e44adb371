using System.Globalization;

namespace Sprig.IO.Ports;

/// <summary>A serial device of this machine, as the kernel told of it when it was asked: <see cref="SerialDevices.GetAll"/>.</summary>
public sealed record SerialDevice
{
    /// <summary>/dev/ttyUSB0: which number an adapter gets depends on the order in which they come.</summary>
    public required string Path { get; init; }

    /// <summary>/dev/serial/by-id/...: maker, product and serial number; the same in whatever socket it is. Null where udev made none,
    /// as for the board's own UART, and for the second of two adapters without serial numbers.</summary>
    public string? ById { get; init; }

    /// <summary>/dev/serial/by-path/...: the socket, whatever is in it. Null where udev made none.</summary>
    public string? ByPath { get; init; }

    /// <summary>Other names in /dev that lead to it: /dev/serial0 on a Raspberry Pi, those of rules of your own.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The name for a settings file: <see cref="ById"/>, or else <see cref="ByPath"/>, or else <see cref="Path"/>.</summary>
    public string StableName => ById ?? ByPath ?? Path;

    /// <summary>Of the kernel: ftdi_sio, cp210x, ch341-uart, cdc_acm, uart-pl011 ...; null where there is none to be seen.</summary>
    public string? Driver { get; init; }

    /// <summary>The maker's number on USB, as 0x0403; null for what is no USB device.</summary>
    public int? UsbVendorId { get; init; }

    /// <summary>The product's number on USB, as 0x6001.</summary>
    public int? UsbProductId { get; init; }

    /// <summary>Which function of the USB device it is: adapters with four ports have 0 to 3.</summary>
    public int? UsbInterface { get; init; }

    /// <summary>The maker, as the USB device says.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>The product, as the USB device says.</summary>
    public string? Product { get; init; }

    /// <summary>The serial number, as the USB device says; many cheap ones have none.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Whether the kernel's console has it: what is sent there comes in between, and a login may read along.</summary>
    public bool IsConsole { get; init; }

    /// <summary>The first process that has it open now; null when there is none, or none that this user may look into (other
    /// users' are root's to see). Reads through /proc: milliseconds.</summary>
    public DeviceHolder? FindHolder() => DeviceHolder.FindOne(Path);

    /// <summary>"/dev/ttyUSB0: ftdi_sio, 0403:6001, FTDI FT232R USB UART, serial number A50285BI".</summary>
    public override string ToString()
    {
        string?[] parts =
        [
            Driver,
            UsbVendorId is { } vendor && UsbProductId is { } product ? string.Create(CultureInfo.InvariantCulture, $"{vendor:x4}:{product:x4}") : null,
            string.Join(' ', new[] { Manufacturer, Product }.Where(text => text is not null)),
            SerialNumber is null ? null : $"serial number {SerialNumber}",
            IsConsole ? "the kernel's console" : null,
        ];
        string text = string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
        return text.Length == 0 ? Path : $"{Path}: {text}";
    }
}

using Sprig.IO.Ports;

namespace Sprig.Tests.IO.Ports;

/// <summary>A sysfs and a /dev of serial devices in a folder of its own, shaped as the kernel and udev make them.</summary>
internal sealed class FakeSerialTree : IDisposable
{
    internal FakeSerialTree()
    {
        Root = Directory.CreateTempSubdirectory("sprig-serial").FullName;
        Directory.CreateDirectory($"{Sys}/class/tty/console");
        Directory.CreateDirectory(Dev);
    }

    internal SerialFolders Folders => new(Sys, Dev);

    internal string Root { get; }

    internal string Sys => $"{Root}/sys";

    internal string Dev => $"{Root}/dev";

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>An adapter with one port: usb-serial puts the port's device below the interface.</summary>
    internal void AddAdapter(string name, string driver, string? byId, params (string Name, string Text)[] attributes)
    {
        string usb = $"{Sys}/devices/usb1/1-{name}";
        string port = $"{usb}/1-{name}:1.0/{name}";
        Write($"{usb}/1-{name}:1.0/bInterfaceNumber", "02");
        foreach ((string attribute, string text) in attributes)
            Write($"{usb}/{attribute}", text);
        Link($"{port}/driver", $"../../../../../bus/usb-serial/drivers/{driver}");
        Link($"{port}/subsystem", "../../../../../bus/usb-serial");
        Link($"{port}/tty/{name}/device", $"../../../{name}");
        AddPort(name, $"{port}/tty/{name}");
        if (byId is not null)
            Link($"{Dev}/serial/by-id/{byId}", $"../../{name}");
    }

    /// <summary>A UART of the board: newer kernels put two layers of the serial core between the chip and its port.</summary>
    internal void AddUart(string name, string driver, string type = "32")
    {
        string chip = $"{Sys}/devices/platform/{name}.serial";
        string port = $"{chip}/{name}:0/{name}:0.0";
        Link($"{chip}/driver", $"../../../bus/amba/drivers/{driver}");
        Link($"{chip}/subsystem", "../../../bus/amba");
        Link($"{chip}/{name}:0/driver", "../../../../bus/serial-base/drivers/ctrl");
        Link($"{chip}/{name}:0/subsystem", "../../../../bus/serial-base");
        Link($"{port}/driver", "../../../../../bus/serial-base/drivers/port");
        Link($"{port}/subsystem", "../../../../../bus/serial-base");
        Link($"{port}/tty/{name}/device", $"../../../{name}:0.0");
        Write($"{port}/tty/{name}/type", type);
        AddPort(name, $"{port}/tty/{name}");
    }

    internal void AddTerminalWithoutDevice(string name) => AddPort(name, Directory.CreateDirectory($"{Sys}/devices/virtual/tty/{name}").FullName);

    internal void SetConsoles(string names) => Write($"{Sys}/class/tty/console/active", names);

    internal void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }

    private void AddPort(string name, string folder)
    {
        Link($"{Sys}/class/tty/{name}", Path.GetRelativePath($"{Sys}/class/tty", folder));
        Write($"{Dev}/{name}", "");
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }
}

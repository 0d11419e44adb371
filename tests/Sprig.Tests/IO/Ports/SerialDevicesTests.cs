using Sprig.IO;
using Sprig.IO.Ports;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public sealed class SerialDevicesTests : IDisposable
{
    private readonly FakeSerialTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void An_adapter_tells_its_driver_its_numbers_and_its_names()
    {
        _tree.AddAdapter("ttyUSB0", "ftdi_sio", "usb-FTDI_FT232R_A50285BI-if00-port0",
            ("idVendor", "0403"), ("idProduct", "6001"), ("manufacturer", "FTDI"), ("product", "FT232R USB UART"), ("serial", "A50285BI"));
        _tree.Link($"{_tree.Dev}/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0", "../../ttyUSB0");
        _tree.Link($"{_tree.Dev}/gps", "ttyUSB0");
        SerialDevice device = Assert.Single(_tree.Folders.List());
        SerialDevice expected = new()
        {
            Path = $"{_tree.Dev}/ttyUSB0",
            ById = $"{_tree.Dev}/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0",
            ByPath = $"{_tree.Dev}/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0",
            Driver = "ftdi_sio",
            UsbVendorId = 0x0403,
            UsbProductId = 0x6001,
            UsbInterface = 2,
            Manufacturer = "FTDI",
            Product = "FT232R USB UART",
            SerialNumber = "A50285BI",
        };
        Assert.Equal([$"{_tree.Dev}/gps"], device.Aliases);
        Assert.Equal(expected, device with { Aliases = expected.Aliases });
        Assert.Equal(device.ById, device.StableName);
        Assert.Equal($"{device.Path}: ftdi_sio, 0403:6001, FTDI FT232R USB UART, serial number A50285BI", device.ToString());
    }

    [Fact]
    public void What_an_adapter_does_not_tell_is_left_open()
    {
        _tree.AddAdapter("ttyUSB0", "ch341-uart", null, ("idVendor", "1a86"), ("idProduct", "7523"), ("product", ""), ("serial", "\n"));
        SerialDevice device = Assert.Single(_tree.Folders.List());
        Assert.Equal((null, null, null, null, null), (device.ById, device.ByPath, device.Manufacturer, device.Product, device.SerialNumber));
        Assert.Equal(device.Path, device.StableName);
        Assert.Equal($"{device.Path}: ch341-uart, 1a86:7523", device.ToString());
    }

    [Fact]
    public void Of_two_adapters_with_one_name_the_other_is_told_by_its_socket()
    {
        _tree.AddAdapter("ttyUSB0", "ch341-uart", null, ("idVendor", "1a86"));
        _tree.AddAdapter("ttyUSB1", "ch341-uart", "usb-1a86_USB_Serial-if00-port0", ("idVendor", "1a86"));
        _tree.Link($"{_tree.Dev}/serial/by-path/socket-1", "../../ttyUSB0");
        Assert.Equal(
            [$"{_tree.Dev}/serial/by-path/socket-1", $"{_tree.Dev}/serial/by-id/usb-1a86_USB_Serial-if00-port0"],
            _tree.Folders.List().Select(device => device.StableName));
    }

    [Fact]
    public void A_UART_has_the_driver_of_its_chip_not_of_the_layers_between()
    {
        _tree.AddUart("ttyAMA0", "uart-pl011");
        _tree.Link($"{_tree.Dev}/serial0", "ttyAMA0");
        SerialDevice device = Assert.Single(_tree.Folders.List());
        Assert.Equal(("uart-pl011", null, null), (device.Driver, device.UsbVendorId, device.UsbInterface));
        Assert.Equal([$"{_tree.Dev}/serial0"], device.Aliases);
        Assert.Equal($"{device.Path}: uart-pl011", device.ToString());
    }

    [Fact]
    public void What_has_no_hardware_is_no_device()
    {
        _tree.AddUart("ttyS0", "serial8250", type: "0");
        _tree.AddTerminalWithoutDevice("tty1");
        _tree.AddUart("ttyS1", "serial8250", type: "4");
        Assert.Equal([$"{_tree.Dev}/ttyS1"], _tree.Folders.List().Select(device => device.Path));
    }

    [Fact]
    public void The_list_has_stable_names_first_and_leaves_out_the_console()
    {
        _tree.SetConsoles("tty0 ttyS0");
        _tree.AddUart("ttyS0", "serial8250", "4");
        _tree.AddUart("ttyAMA10", "uart-pl011");
        _tree.AddUart("ttyAMA2", "uart-pl011");
        _tree.AddAdapter("ttyUSB1", "cp210x", "usb-b");
        _tree.AddAdapter("ttyUSB0", "cp210x", "usb-z");
        _tree.AddAdapter("ttyACM0", "cdc_acm", null);
        Assert.Equal(
            ["serial/by-id/usb-b", "serial/by-id/usb-z", "ttyACM0", "ttyAMA2", "ttyAMA10"],
            SerialDevices.List(_tree.Folders).Select(path => Path.GetRelativePath(_tree.Dev, path)));
        SerialDevice console = Assert.Single(_tree.Folders.List(), device => device.IsConsole);
        Assert.Equal($"{_tree.Dev}/ttyS0: serial8250, the kernel's console", console.ToString());
    }

    [Fact]
    public void A_device_is_found_by_each_of_its_names()
    {
        _tree.AddAdapter("ttyUSB0", "cp210x", "usb-a");
        _tree.AddAdapter("ttyUSB1", "cp210x", "usb-b");
        _tree.Link($"{_tree.Dev}/gps", "serial/by-id/usb-b");
        foreach (string name in new[] { "ttyUSB1", "serial/by-id/usb-b", "gps", "../dev/gps" })
            Assert.Equal($"{_tree.Dev}/ttyUSB1", SerialDevices.Find(_tree.Folders, $"{_tree.Dev}/{name}")?.Path);
        Assert.Null(SerialDevices.Find(_tree.Folders, $"{_tree.Dev}/ttyUSB2"));
        Assert.Throws<ArgumentException>(() => SerialDevices.Find(""));
    }

    [Fact]
    public void One_that_goes_while_they_are_listed_is_left_out()
    {
        _tree.AddAdapter("ttyUSB0", "cp210x", "usb-a");
        _tree.AddAdapter("ttyUSB1", "cp210x", "usb-b");
        _tree.AddAdapter("ttyUSB2", "cp210x", "usb-c");
        // The node is gone and its folders are not; the folders are gone and the class's link is not.
        File.Delete($"{_tree.Dev}/ttyUSB0");
        Directory.Delete($"{_tree.Sys}/devices/usb1/1-ttyUSB1", recursive: true);
        Assert.Equal([$"{_tree.Dev}/serial/by-id/usb-c"], SerialDevices.List(_tree.Folders));
    }

    [Fact]
    public void A_machine_without_any_has_an_empty_list()
    {
        Assert.Empty(_tree.Folders.List());
        Assert.Empty(new SerialFolders($"{_tree.Root}/nowhere", $"{_tree.Root}/nowhere").List());
    }

    [Fact]
    public void This_machine_can_be_asked()
    {
        string[] paths = [.. SerialDevices.GetAll().Where(device => !device.IsConsole).Select(device => device.Path)];
        Assert.Equal(paths, SerialDevices.GetPortNames());
        Assert.Equal(paths.Length, SerialDevices.List().Count);
        Assert.Null(SerialDevices.Find("/dev/ttyNowhere0"));
    }

    [Fact]
    public void Who_has_it_open_is_found_and_its_neighbour_is_not_taken_for_it()
    {
        string path = $"{_tree.Dev}/ttyUSB1";
        SerialDevice device = new() { Path = path };
        using (File.Create($"{path}0"))
            Assert.Null(device.FindHolder());
        using (File.Create(path))
        {
            DeviceHolder? holder = device.FindHolder();
            Assert.Equal(Environment.ProcessId, holder?.ProcessId);
            Assert.Equal("this program itself", holder?.ToString());
        }

        Assert.Null(device.FindHolder());
    }
}

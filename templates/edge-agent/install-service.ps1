#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
    Installs edge-agent as a Windows service, or removes it (-Remove).
.DESCRIPTION
    Run it beside edge-agent.exe, onnxruntime.dll and agent.json. The service runs under its own virtual account (NT SERVICE\edge-agent), which may write to the data
    folder alone, starts with Windows, is started again where it fails, and writes its lines to the event log (Application, source edge-agent).
.EXAMPLE
    .\install-service.ps1
    Get-WinEvent -ProviderName edge-agent -MaxEvents 20
#>
[CmdletBinding()]
param(
    [string] $Program = (Join-Path $env:ProgramFiles 'edge-agent'),
    [string] $State = (Join-Path $env:ProgramData 'edge-agent'),
    # Secrets and overrides, as MLOPS_EDGE_SOURCE_TOKEN=…: they lie in the service's registry key, which the service and administrators alone may read.
    [string[]] $Environment = @(),
    [switch] $Remove
)

$ErrorActionPreference = 'Stop'
$name = 'edge-agent'
$key = "HKLM:\SYSTEM\CurrentControlSet\Services\$name"

function Invoke-Checked([string] $file, [string[]] $arguments) {
    & $file @arguments
    if ($LASTEXITCODE -ne 0) { throw "$file $($arguments -join ' ') failed with $LASTEXITCODE" }
}

if (Get-Service -Name $name -ErrorAction SilentlyContinue) {
    Stop-Service -Name $name
    Invoke-Checked sc.exe @('delete', $name)
}

if ($Remove) {
    if ([System.Diagnostics.EventLog]::SourceExists($name)) { [System.Diagnostics.EventLog]::DeleteEventSource($name) }
    Write-Output "removed the service; its state is still in $State"
    return
}

# Programs where only administrators write; state where only the service does.
New-Item -ItemType Directory -Force -Path $Program, $State, (Join-Path $State 'data') | Out-Null
foreach ($file in 'edge-agent.exe', 'onnxruntime.dll') { Copy-Item -Force (Join-Path $PSScriptRoot $file) $Program }
$configuration = Join-Path $State 'agent.json'
if (-not (Test-Path $configuration)) { Copy-Item (Join-Path $PSScriptRoot 'agent.json') $configuration }

if (-not [System.Diagnostics.EventLog]::SourceExists($name)) { New-EventLog -LogName Application -Source $name }
$command = '"{0}" run --service --config "{1}"' -f (Join-Path $Program 'edge-agent.exe'), $configuration
New-Service -Name $name -BinaryPathName $command -DisplayName 'Edge agent' -StartupType Automatic `
    -Description "Keeps this device's models what their channels say." | Out-Null
Invoke-Checked sc.exe @('config', $name, 'obj=', "NT SERVICE\$name")
Invoke-Checked sc.exe @('sidtype', $name, 'unrestricted')
# A device is not visited: it is started again, also where it ended by itself with an error.
Invoke-Checked sc.exe @('failure', $name, 'reset=', '86400', 'actions=', 'restart/2000/restart/10000/restart/60000')
Invoke-Checked sc.exe @('failureflag', $name, '1')
Invoke-Checked icacls.exe @($State, '/inheritance:r', '/grant:r', '*S-1-5-32-544:(OI)(CI)F', '*S-1-5-18:(OI)(CI)F', "NT SERVICE\${name}:(OI)(CI)RX")
Invoke-Checked icacls.exe @((Join-Path $State 'data'), '/grant', "NT SERVICE\${name}:(OI)(CI)M")

$values = @("MLOPS_EDGE_DATA=$(Join-Path $State 'data')") + $Environment
New-ItemProperty -Path $key -Name Environment -PropertyType MultiString -Value $values -Force | Out-Null
$acl = Get-Acl $key
$acl.SetAccessRuleProtection($true, $false)
# By their ids: the names of administrators and system differ by language.
foreach ($who in 'S-1-5-32-544', 'S-1-5-18') {
    $acl.AddAccessRule([System.Security.AccessControl.RegistryAccessRule]::new([System.Security.Principal.SecurityIdentifier]::new($who), 'FullControl', 'ContainerInherit', 'None', 'Allow'))
}
Set-Acl $key $acl

Start-Service -Name $name
Get-Service -Name $name
